import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { activate, i18n, pickLocale } from "../shared/i18n";
import { App } from "./App";
import { loadMessages } from "./messages";
import { newQueryClient } from "./query";
import "../shared/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/parts.css";
import "./styles/lists.css";
import "./styles/units.css";
import "./styles/tables.css";
import "./styles/forms.css";
import "./styles/choices.css";
import "./styles/receipt.css";
import "./styles/faces.css";
import "./styles/follow.css";
import "./styles/print.css";

async function start() {
  if (import.meta.env.VITE_MOCK) await (await import("../mocks/browser")).startMocks();
  await activate(pickLocale(), loadMessages);
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={newQueryClient()}>
          <BrowserRouter>
            <App />
          </BrowserRouter>
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  );
}

void start();
