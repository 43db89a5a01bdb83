import { EVER, type Filters, queueLink } from "../shared/filters";

const FROM = ["received_from", "replied_from", "ended_from"] as const;
const TO = ["received_to", "replied_to", "ended_to"] as const;
const LISTS = ["state", "phase", "kind", "channel", "satisfaction"] as const;

const last = (one?: string, other?: string) => (one && other ? (one > other ? one : other) : (one ?? other));
const first = (one?: string, other?: string) => (one && other ? (one < other ? one : other) : (one ?? other));

/** Both at once: a figure narrows the page's own filters further, and never lets go of one. */
export function narrowed(filters: Filters, plus: Filters): Filters {
  const both = { ...filters, ...plus };
  for (const name of FROM) both[name] = last(filters[name], plus[name]);
  for (const name of TO) both[name] = first(filters[name], plus[name]);
  for (const name of LISTS) {
    const [one, other] = [filters[name], plus[name]];
    if (one && other) both[name] = other.filter((code) => one.includes(code));
  }
  if (filters.days_to_reply_over !== undefined && plus.days_to_reply_over !== undefined) {
    both.days_to_reply_over = Math.max(filters.days_to_reply_over, plus.days_to_reply_over);
  }
  return both;
}

/** The list behind a figure of the page. */
export function listLink(filters: Filters, ...plus: Filters[]): string {
  return queueLink(plus.reduce(narrowed, filters));
}

/** The first and the last day of "2026-03". */
export function daysOf(month: string): [string, string] {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return [`${month}-01`, `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`];
}

/** Received in a month, as far as it is in the page's period. */
export function receivedIn(filters: Filters, month: string): string {
  const [received_from, received_to] = daysOf(month);
  return listLink(filters, { received_from, received_to });
}

/** Answered or ended in a month as far as it is in the page's period, whenever received. */
export function doneIn(filters: Filters, month: string, what: "replied" | "ended"): string {
  const { year, received_from, received_to, ...whenever } = filters;
  const [start, end] = daysOf(month);
  const from = last(last(start, received_from), year === undefined ? undefined : `${year}-01-01`);
  const to = first(first(end, received_to), year === undefined ? undefined : `${year}-12-31`);
  return listLink(
    whenever,
    what === "replied" ? { replied_from: from, replied_to: to } : { ended_from: from, ended_to: to },
  );
}

/** What narrows a list down to those that a figure counts. */
export const counted = {
  replied: { is_replied: true },
  ended: { ended_from: EVER },
  overdue: { phase: ["overdue", "long_overdue"] },
  over15: { days_to_reply_over: 15 },
  over60: { days_to_reply_over: 60 },
  rated: { is_rated: true },
  satisfied: { is_rated_unsatisfied: false },
  unsatisfied: { is_rated_unsatisfied: true },
  redone: { is_redone: true },
} satisfies Record<string, Filters>;
