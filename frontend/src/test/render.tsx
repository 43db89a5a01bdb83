import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import axe from "axe-core";
import { useLayoutEffect } from "react";
import { MemoryRouter, useLocation } from "react-router";
import { expect } from "vitest";
import { messages as en } from "../locales/public/en.po";
import { messages as zh } from "../locales/public/zh-CN.po";
import { App } from "../public/App";
import type { Locale } from "../shared/i18n";

let address = "";
function Address() {
  const { pathname, search, hash } = useLocation();
  useLayoutEffect(() => {
    address = `${pathname}${search}${hash}`;
  }, [pathname, search, hash]);
  return null;
}

/** Where the app is now. */
export const currentAddress = () => address;

/** The whole public app at an address, as a browser would open it. */
export function open(path: string, locale: Locale = "zh-CN") {
  i18n.loadAndActivate({ locale, messages: locale === "en" ? en : zh });
  document.documentElement.lang = locale;
  const client = new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
  return render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <MemoryRouter initialEntries={[path]}>
          <App />
          <Address />
        </MemoryRouter>
      </QueryClientProvider>
    </I18nProvider>,
  );
}

/** jsdom computes no colours and no layout: contrast and overlap are checked in the browser tests. */
export async function expectAccessible(element: Element = document.body) {
  const { violations } = await axe.run(element, {
    rules: { "color-contrast": { enabled: false }, "target-size": { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}
