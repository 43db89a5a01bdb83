import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { type Connect, defineConfig, type Plugin } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const inputs = { public: at("index.html"), console: at("console/index.html") };

// FACE=public|console builds one face alone: built together they would share chunks, and a phone would then pay for
// what only the console uses.
const face = process.env.FACE as keyof typeof inputs | undefined;
const isMock = Boolean(process.env.VITE_MOCK);

/** Sends every page address to its face's HTML in `vite` and `vite preview`; the server does the same in production. */
function entries(): Plugin {
  const rewrite: Connect.NextHandleFunction = (request, _response, next) => {
    const url = request.url ?? "/";
    const wantsPage = String(request.headers.accept ?? "").includes("text/html");
    if (wantsPage && !/\.[a-z0-9]+(\?|$)/i.test(url) && !url.startsWith("/api/")) {
      request.url = url.startsWith("/console") ? "/console/index.html" : "/index.html";
    }
    next();
  };
  return {
    name: "liangnuo-entries",
    configureServer: (server) => void server.middlewares.use(rewrite),
    configurePreviewServer: (server) => void server.middlewares.use(rewrite),
  };
}

/** Serves MSW's worker script in mock mode only, so that it can never end up in what is shipped. */
function mockWorker(): Plugin {
  const source = () => readFileSync(at("node_modules/msw/lib/mockServiceWorker.js"), "utf8");
  return {
    name: "liangnuo-mock-worker",
    configureServer: (server) =>
      void server.middlewares.use("/mockServiceWorker.js", (_request, response) => {
        response.setHeader("content-type", "text/javascript");
        response.end(source());
      }),
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "mockServiceWorker.js", source: source() });
    },
  };
}

const target = process.env.LIANGNUO_API_PROXY ?? "http://127.0.0.1:8080";
const proxy = { "/api": target, "/healthz": target, "/readyz": target };

export default defineConfig({
  appType: "mpa",
  plugins: [react(), lingui({ macroTransform: true }), entries(), ...(isMock ? [mockWorker()] : [])],
  build: {
    target: "es2020",
    manifest: face ? `.vite/manifest-${face}.json` : true,
    emptyOutDir: !face,
    assetsDir: face ? `assets/${face}` : "assets",
    // The polyfill would be one more script for browsers that are newer than our target anyway.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: face ? { [face]: inputs[face] } : inputs },
  },
  server: { proxy },
  preview: { proxy },
});
