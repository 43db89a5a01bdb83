import createClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { ApiError, NetworkError, type Problem, parseRetryAfter } from "./problem";
import type { components, paths } from "./schema.gen";

export type Schemas = components["schemas"];

/** The API's origin: what the page's <meta name="liangnuo-api"> says, else what the build says, else the page's own. */
export function apiBase(): string {
  const fromPage = document.querySelector<HTMLMetaElement>('meta[name="liangnuo-api"]')?.content;
  return (fromPage || import.meta.env.VITE_API_BASE || globalThis.location.origin).replace(/\/$/, "");
}

const language: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", document.documentElement.lang || "zh-CN");
    return request;
  },
};

/** Turns every refusal into an ApiError, so that no caller can take one for data. */
const refusals: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    throw new ApiError(await problemOf(response), parseRetryAfter(response.headers.get("Retry-After")));
  },
};

async function problemOf(response: Response): Promise<Problem> {
  // A proxy in between answers with a page of its own: then only the status is known.
  const bare: Problem = {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: response.status >= 500 ? "internal" : "unknown",
    detail: "",
    request_id: response.headers.get("X-Request-Id") ?? "",
    errors: [],
  };
  if (!/\bjson\b/.test(response.headers.get("content-type") ?? "")) return bare;
  try {
    return { ...bare, ...((await response.clone().json()) as Partial<Problem>) };
  } catch {
    return bare;
  }
}

/** `fetch` is looked up per call: openapi-fetch keeps the one of import time otherwise, which tests cannot replace. */
async function send(request: Request): Promise<Response> {
  try {
    return await globalThis.fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new NetworkError("no answer", { cause: error });
  }
}

export const api = createClient<paths>({
  baseUrl: apiBase(),
  // openapi.json says explode: false; openapi-fetch does not read it at run time, so it is said again here.
  querySerializer: { array: { style: "form", explode: false } },
  fetch: send,
});
api.use(language, refusals);

/** TanStack Query hooks over the same client. */
export const $api = /* @__PURE__ */ createQueryClient(api);
