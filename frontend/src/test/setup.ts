import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";

/** Each test says what the server answers; a request that no test expected fails it. */
export const server = setupServer();

// A page is fetched when it is first opened: on a busy machine that takes longer than the second that is waited by itself.
configure({ asyncUtilTimeout: 5000 });

// jsdom has no layout to scroll.
globalThis.scrollTo = () => undefined;

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  globalThis.localStorage?.clear();
});
afterAll(() => server.close());
