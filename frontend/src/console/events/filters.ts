/** The filters of the event log, as the address bar and the API write them alike. */
export interface LogFilters {
  q?: string;
  action?: string[];
  subject_kind?: string;
  subject_id?: string;
  actor_kind?: string;
  actor_id?: string;
  acting_for_id?: string;
  from?: string;
  to?: string;
}

export const ORDERS = ["-at", "at"] as const;
export type Order = (typeof ORDERS)[number];

const TEXTS = [
  "q",
  "subject_kind",
  "subject_id",
  "actor_kind",
  "actor_id",
  "acting_for_id",
  "from",
  "to",
] as const;

export function readLogFilters(params: URLSearchParams): LogFilters {
  const filters: LogFilters = {};
  for (const name of TEXTS) {
    const value = params.get(name);
    if (value) filters[name] = value;
  }
  const actions = (params.get("action") ?? "").split(",").filter(Boolean);
  if (actions.length > 0) filters.action = actions;
  return filters;
}

export function readOrder(params: URLSearchParams): Order {
  return params.get("sort") === "at" ? "at" : "-at";
}

/** Without what holds nothing: the server refuses empty values. */
export function writeLogFilters(filters: LogFilters, order: Order = "-at"): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value && value.length > 0) params.set(name, String(value));
  }
  if (order !== "-at") params.set("sort", order);
  return params;
}

export function logLink(filters: LogFilters): string {
  const params = writeLogFilters(filters).toString().replaceAll("%2C", ",");
  return `/events${params ? `?${params}` : ""}`;
}
