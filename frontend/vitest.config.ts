import { defineConfig, mergeConfig } from "vitest/config";
import viteConfig from "./vite.config.ts";

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      environment: "jsdom",
      environmentOptions: { jsdom: { url: "http://localhost/" } },
      setupFiles: ["./src/test/setup.ts"],
      include: ["src/**/*.test.{ts,tsx}"],
      // Only what the console's theme reads its values from.
      css: { include: [/tokens\.css/] },
      restoreMocks: true,
      maxWorkers: 2,
      testTimeout: 20_000,
    },
  }),
);
