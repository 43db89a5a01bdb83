import { type Filters, readFilters, writeFilters } from "../shared/filters";
import { PERIODS, type Period, periodFilters } from "./period";

export const VIEWS = ["categories", "units", "channels", "kinds"] as const;
export type View = (typeof VIEWS)[number];

/** All that the page shows is in its address, so that it can be passed on and come back to. */
export interface PageState {
  /** Undefined where days or a year in `filters` say it. */
  period: Period | undefined;
  /** Without what `period` stands for. */
  filters: Filters;
  view: View;
  /** Which kind of units is compared; undefined where the page decides. */
  units: string | undefined;
  /** The measure that the table is sorted by, with "-" for the highest first. */
  by: string;
}

const DAYS = ["received_from", "received_to", "year"] as const;
const BY = "-total";

function hasDays(filters: Filters): boolean {
  return DAYS.some((name) => filters[name] !== undefined);
}

export function withoutDays(filters: Filters): Filters {
  const others = { ...filters };
  for (const name of DAYS) delete others[name];
  return others;
}

export function readPage(params: URLSearchParams): PageState {
  const filters = readFilters(params);
  const named = PERIODS.find((period) => period === params.get("period"));
  return {
    period: hasDays(filters) ? undefined : (named ?? "this_year"),
    filters,
    view: VIEWS.find((view) => view === params.get("view")) ?? "categories",
    units: params.get("units") || undefined,
    by: params.get("by") || BY,
  };
}

export function writePage({ period, filters, view, units, by }: PageState): string {
  const params = writeFilters(period ? withoutDays(filters) : filters);
  if (period && period !== "this_year") params.set("period", period);
  // Cleared of its days, a page without a period would fall back to this year.
  if (!period && !hasDays(filters)) params.set("period", "all");
  if (view !== "categories") params.set("view", view);
  if (units) params.set("units", units);
  if (by !== BY) params.set("by", by);
  return params.toString().replaceAll("%2C", ",");
}

/** What the API is asked for, and what every list is narrowed down to. */
export function queryOf({ period, filters }: PageState, today: string): Filters {
  return period ? { ...withoutDays(filters), ...periodFilters(period, today) } : filters;
}
