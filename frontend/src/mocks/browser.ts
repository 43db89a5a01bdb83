import { setupWorker } from "msw/browser";
import { handlers } from "./handlers";

/** Answers from the invented county, in mock builds only: to look at pages without a server. */
export const startMocks = () => setupWorker(...handlers).start({ onUnhandledFrame: "bypass", quiet: true });
