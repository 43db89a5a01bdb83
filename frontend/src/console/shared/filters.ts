/** The filters of the list of complaints, as the address bar, the API and the statistics page write them alike. */
export interface Filters {
  q?: string;
  state?: string[];
  phase?: string[];
  kind?: string[];
  channel?: string[];
  /** Levels, 5 is best. */
  satisfaction?: string[];
  unit_id?: string;
  handler_id?: string;
  category_id?: string;
  received_from?: string;
  received_to?: string;
  replied_from?: string;
  replied_to?: string;
  /** Instants: from the first, and before the second. */
  due_from?: string;
  due_before?: string;
  days_to_reply_over?: number;
  ended_from?: string;
  ended_to?: string;
  unit_only?: boolean;
  unit_kind?: string;
  category_only?: boolean;
  has_category?: boolean;
  is_rated?: boolean;
  is_replied?: boolean;
  /** `false` is the satisfied ones. */
  is_rated_unsatisfied?: boolean;
  is_emergency?: boolean;
  is_supervised?: boolean;
  is_redone?: boolean;
  is_extension_asked?: boolean;
  supervisor_id?: string;
  report_due_before?: string;
  is_anonymous?: boolean;
  has_handler?: boolean;
  year?: number;
}

/** A day before all cases: `ended_from` this day means all that ended. */
export const EVER = "2000-01-01";

/** The last one is for a search alone: without words nothing fits better than anything else. */
export const SORTS = ["due_at", "-due_at", "-received_at", "received_at", "relevance"] as const;
export type Sort = (typeof SORTS)[number];

const TEXTS = [
  "q",
  "unit_id",
  "handler_id",
  "category_id",
  "received_from",
  "received_to",
  "replied_from",
  "replied_to",
  "due_from",
  "due_before",
  "ended_from",
  "ended_to",
  "unit_kind",
  "supervisor_id",
  "report_due_before",
] as const;
const LISTS = ["state", "phase", "kind", "channel", "satisfaction"] as const;
/** Each narrows in either way: with `true` to those that are so, with `false` to those that are not. */
const SWITCHES = [
  "is_rated_unsatisfied",
  "is_rated",
  "is_replied",
  "has_category",
  "is_emergency",
  "is_supervised",
  "is_redone",
  "is_extension_asked",
  "is_anonymous",
  "has_handler",
] as const;
/** These say something about another filter; off they say nothing. */
const ONLY = ["unit_only", "category_only"] as const;
const NUMBERS = ["days_to_reply_over", "year"] as const;

function numberOf(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && text !== "" && Number.isFinite(value) ? value : undefined;
}

function switchOf(text: string | null): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

export function readFilters(params: URLSearchParams): Filters {
  const filters: Filters = {};
  for (const name of TEXTS) filters[name] = params.get(name) || undefined;
  for (const name of LISTS) {
    const codes = (params.get(name) ?? "").split(",").filter(Boolean);
    if (codes.length > 0) filters[name] = codes;
  }
  for (const name of NUMBERS) filters[name] = numberOf(params.get(name));
  for (const name of SWITCHES) filters[name] = switchOf(params.get(name));
  for (const name of ONLY) filters[name] = params.get(name) === "true" || undefined;
  return trim(filters);
}

/** Without the names that hold nothing: the server refuses empty values, and two equal views compare equal. */
function trim(filters: Filters): Filters {
  return Object.fromEntries(
    Object.entries(filters).filter(([, value]) =>
      Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "",
    ),
  ) as Filters;
}

export function readSort(params: URLSearchParams): Sort {
  const sort = params.get("sort");
  const found = SORTS.find((known) => known === sort) ?? "-received_at";
  return found === "relevance" && !params.get("q") ? "-received_at" : found;
}

export function writeFilters(filters: Filters, sort?: Sort): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(trim(filters))) params.set(name, String(value));
  if (sort && sort !== "-received_at" && (sort !== "relevance" || filters.q)) params.set("sort", sort);
  return params;
}

/** The address of the list behind a figure: the page's own filters plus what the figure counts. */
export function queueLink(filters: Filters, plus: Filters = {}, sort?: Sort): string {
  const params = writeFilters({ ...filters, ...plus }, sort)
    .toString()
    .replaceAll("%2C", ",");
  return `/complaints${params ? `?${params}` : ""}`;
}

export function isSameFilters(one: Filters, other: Filters): boolean {
  const key = (filters: Filters) =>
    JSON.stringify(
      Object.entries(trim(filters))
        .map(([name, value]) => [name, Array.isArray(value) ? [...value].sort() : value])
        .sort(),
    );
  return key(one) === key(other);
}
