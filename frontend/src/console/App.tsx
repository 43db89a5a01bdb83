import { I18nProvider, useLingui } from "@lingui/react";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, Suspense } from "react";
import { i18n } from "../shared/i18n";
import { ConfirmDialog } from "./second-factor/ConfirmDialog";
import { useIsPhone } from "./shared/useMedia";
import { theme } from "./theme";

/** Everything that pages stand in: words, look, and what the server said. */
export function Providers({ queryClient, children }: { queryClient: QueryClient; children: ReactNode }) {
  return (
    <I18nProvider i18n={i18n}>
      <Themed>
        <QueryClientProvider client={queryClient}>
          <Suspense>{children}</Suspense>
          <ConfirmDialog />
        </QueryClientProvider>
      </Themed>
    </I18nProvider>
  );
}

function Themed({ children }: { children: ReactNode }) {
  const { i18n: current } = useLingui();
  const isPhone = useIsPhone();
  return (
    <ConfigProvider
      locale={current.locale === "en" ? enUS : zhCN}
      theme={theme}
      componentSize={isPhone ? "large" : "medium"}
      button={{ autoInsertSpace: false }}
    >
      <AntApp message={{ duration: 4 }}>{children}</AntApp>
    </ConfigProvider>
  );
}
