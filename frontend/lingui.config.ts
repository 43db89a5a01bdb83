import { defineConfig } from "@lingui/conf";

// One catalog for each face, so that a phone never downloads the console's words. What both faces use (src/shared)
// stands in both catalogs.
export default defineConfig({
  sourceLocale: "zh-CN",
  locales: ["zh-CN", "en"],
  fallbackLocales: { default: "zh-CN" },
  orderBy: "origin",
  catalogs: [
    { path: "<rootDir>/src/locales/public/{locale}", include: ["src/public", "src/shared"] },
    { path: "<rootDir>/src/locales/console/{locale}", include: ["src/console", "src/shared"] },
  ],
});
