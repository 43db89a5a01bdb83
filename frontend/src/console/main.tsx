import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import "antd/dist/reset.css";
import "../shared/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isWorthRetrying } from "../api/problem";
import { activate, i18n, type LoadMessages, pickLocale } from "../shared/i18n";
import { Shell } from "./Shell";
import { theme } from "./theme";

const load: LoadMessages = (locale) =>
  locale === "en" ? import("../locales/console/en.po") : import("../locales/console/zh-CN.po");

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      networkMode: "always",
      retry: (count, error) => count < 1 && isWorthRetrying(error),
    },
    mutations: { networkMode: "always" },
  },
});

async function start() {
  const locale = pickLocale();
  await activate(locale, load);
  dayjs.locale(locale === "zh-CN" ? "zh-cn" : "en");
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <ConfigProvider
          locale={locale === "zh-CN" ? zhCN : enUS}
          theme={theme}
          button={{ autoInsertSpace: false }}
        >
          <AntApp>
            <QueryClientProvider client={queryClient}>
              <Shell />
            </QueryClientProvider>
          </AntApp>
        </ConfigProvider>
      </I18nProvider>
    </StrictMode>,
  );
}

void start();
