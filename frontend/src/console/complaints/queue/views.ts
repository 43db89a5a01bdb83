import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Filters, Sort } from "../../shared/filters";
import { ENDED, LATE, OPEN, REPLIED } from "../../shared/states";

export interface View {
  id: string;
  label: MessageDescriptor;
  filters: Filters;
  sort: Sort;
  /** Whether the tab says how many there are; each number is a query. */
  isCounted?: boolean;
}

export const views: View[] = [
  { id: "open", label: msg`未办结`, filters: { state: OPEN }, sort: "due_at", isCounted: true },
  { id: "late", label: msg`已超期`, filters: { phase: LATE }, sort: "due_at", isCounted: true },
  {
    id: "mine",
    label: msg`我承办的`,
    filters: { state: OPEN, handler_id: "me" },
    sort: "due_at",
    isCounted: true,
  },
  {
    id: "approval",
    label: msg`待审批`,
    filters: { state: ["reply_drafted"] },
    sort: "due_at",
    isCounted: true,
  },
  { id: "replied", label: msg`已答复`, filters: { state: REPLIED }, sort: "-received_at" },
  { id: "ended", label: msg`已办结`, filters: { state: ENDED }, sort: "-received_at" },
  { id: "all", label: msg`全部`, filters: {}, sort: "-received_at" },
];
