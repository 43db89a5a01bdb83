import "antd/dist/reset.css";
import "../shared/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/shell.css";
import "./styles/lists.css";
import "./styles/forms.css";
import "./styles/case.css";
import "./styles/settings.css";
import "./styles/account.css";
import "./styles/stale.css";
import "./styles/data.css";
import "./styles/statistics.css";
import "./styles/touch.css";
import "./styles/events.css";
import "./styles/print.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { activate, pickLocale } from "../shared/i18n";
import { Providers } from "./App";
import { newRouter } from "./router";
import { installBearer } from "./shared/bearer";
import { loadMessages } from "./shared/messages";
import { newQueryClient } from "./shared/queryClient";

async function start() {
  if (import.meta.env.VITE_MOCK) await (await import("./mocks/browser")).startMocks();
  await activate(pickLocale(), loadMessages);
  installBearer();
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <Providers queryClient={newQueryClient()}>
        <RouterProvider router={newRouter()} />
      </Providers>
    </StrictMode>,
  );
}

void start();
