import { beforeEach } from "vitest";
import { handlers } from "../mocks/handlers";
import { dropHandedCode } from "../public/common/receiptCode";
import { forgetDraftInMemory } from "../public/complaints/complain/draft";
import { forgetReceipt } from "../public/complaints/receipt";
import { server } from "./setup";

/** Each test of a public page begins as a new visit to the invented county. */
export function visitPublicCounty() {
  beforeEach(() => {
    server.use(...handlers);
    forgetDraftInMemory();
    forgetReceipt();
    dropHandedCode();
    delete document.documentElement.dataset.type;
  });
}
