import { QueryClient } from "@tanstack/react-query";
import { configure, render } from "@testing-library/react";
import axe from "axe-core";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect } from "vitest";
import { activate, type Locale } from "../shared/i18n";
import { server } from "../test/setup";
import { Providers } from "./App";
import { newServer } from "./mocks/handlers";
import { routes } from "./router";
import { confirmation } from "./second-factor/confirmation";
import { installBearer } from "./shared/bearer";
import { loadMessages } from "./shared/messages";
import { session } from "./shared/session";

// Pages are fetched when first opened, which takes a slow machine its time.
configure({ asyncUtilTimeout: 8000 });

type Options = NonNullable<Parameters<typeof newServer>[0]> & {
  locale?: Locale;
  /** Done when all that an earlier test left is gone, before the page is opened. */
  prepare?: () => void;
};

/** The whole console at an address, against a server in memory. */
export async function openConsole(address: string, { locale = "zh-CN", prepare, ...options }: Options = {}) {
  stubBrowser();
  installBearer();
  session.reset();
  confirmation.settle(false);
  sessionStorage.clear();
  prepare?.();
  const mock = newServer(options);
  server.use(...mock.handlers);
  await activate(locale, loadMessages);
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const view = render(
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>,
  );
  return { ...view, router, state: mock.state };
}

/** What jsdom lacks and antd asks for. */
function stubBrowser() {
  globalThis.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  })) as unknown as typeof globalThis.matchMedia;
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  } as unknown as typeof globalThis.ResizeObserver;
  globalThis.scrollTo = () => undefined;
}

/** Nothing in it that a screen reader or a keyboard trips over; colours are looked at in a real browser. */
export async function expectSound(container: Element) {
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
}
