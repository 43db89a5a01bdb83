import type { Filters } from "../shared/filters";
import { daysOf } from "./links";

/** Periods that move on with the calendar; any other is in the address as days or as a year. */
export const PERIODS = ["this_year", "last_year", "12_months", "all"] as const;
export type Period = (typeof PERIODS)[number];

/** In whole months and years: of many cases the server keeps its sums by these. */
export function periodFilters(period: Period, today: string): Filters {
  const year = Number(today.slice(0, 4));
  if (period === "this_year") return { year };
  if (period === "last_year") return { year: year - 1 };
  if (period === "all") return {};
  const start = new Date(Date.UTC(year, Number(today.slice(5, 7)) - 12, 1));
  const [, received_to] = daysOf(today.slice(0, 7));
  return { received_from: start.toISOString().slice(0, 10), received_to };
}

/** What a period covers where it is a year or a month, for a name: "2026", "2026-03". */
export function wholeOf({ year, received_from: from, received_to: to }: Filters): string | undefined {
  if (year !== undefined) return from || to ? undefined : String(year);
  if (!from || !to) return undefined;
  const month = from.slice(0, 7);
  if (from === daysOf(month)[0] && to === daysOf(month)[1]) return month;
  const isYear = from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`;
  return isYear ? from.slice(0, 4) : undefined;
}
