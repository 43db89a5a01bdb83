import { defineConfig } from "@playwright/test";

const leftOut = [
  ...(process.env.SHOTS ? [] : ["shots.spec.ts"]),
  ...(process.env.PICTURES ? [] : ["pictures.spec.ts"]),
];

/** The tests run against a server that is already up, see script/with-server: LIANGNUO_E2E_URL says where. */
export default defineConfig({
  testDir: "e2e",
  // One server with one database: what one test files, another one would count.
  workers: 1,
  // Whoever leaves hands everything over, and somebody else has another role then: others' tests come before that.
  projects: [
    { name: "day by day", testIgnore: [...leftOut, "handover.spec.ts"] },
    { name: "leaving", testMatch: "handover.spec.ts", dependencies: ["day by day"] },
  ],
  timeout: 60_000,
  reporter: "list",
  use: {
    baseURL: process.env.LIANGNUO_E2E_URL ?? "http://127.0.0.1:8080",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
