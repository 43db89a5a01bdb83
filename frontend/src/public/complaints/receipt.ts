import type { Schemas } from "../../api/client";

type Receipt = Schemas["ComplaintReceipt"];

// The receipt lives in memory alone, from the answer of the server until the page is left: the code opens the case.
let receipt: Receipt | null = null;

export function keepReceipt(given: Receipt) {
  receipt = given;
}

export function readReceipt(): Receipt | null {
  return receipt;
}

export function forgetReceipt() {
  receipt = null;
}
