import { keepPreviousData } from "@tanstack/react-query";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { $api, type Schemas } from "../../api/client";
import { type LogFilters, type Order, readLogFilters, readOrder, writeLogFilters } from "./filters";

export type LogEvent = Schemas["LogEvent"];

export const PAGE_SIZE = 20;

/** The cursors of the pages before this one, kept with the browser's history: the API only knows "next". */
interface Place {
  before: string[];
}

/** The part of the log that the address bar describes, and the event that is open beside it. */
export function useLog() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const location = useLocation();
  const filters = readLogFilters(params);
  const order = readOrder(params);
  const cursor = params.get("cursor") ?? undefined;
  const opened = params.get("event") ?? undefined;
  const before = (location.state as Place | null)?.before ?? [];
  const query = { ...filters, sort: order, limit: PAGE_SIZE, count: true, ...(cursor ? { cursor } : {}) };
  const result = $api.useQuery(
    "get",
    "/api/v1/events",
    { params: { query: query as never } },
    { placeholderData: keepPreviousData },
  );
  const addressOf = (next: URLSearchParams) => ({ search: next.toString().replaceAll("%2C", ",") });
  const show = (next: URLSearchParams, state?: Place) => navigate(addressOf(next), { state });
  const next = result.data?.next_cursor;
  const addressWith = (event: string | undefined) => {
    const here = writeLogFilters(filters, order);
    if (cursor) here.set("cursor", cursor);
    if (event) here.set("event", event);
    return addressOf(here);
  };
  return {
    filters,
    order,
    opened,
    result,
    /** How many stand before the first row; unknown when a page in the middle was opened by its address. */
    offset: cursor ? (before.length > 0 ? before.length * PAGE_SIZE : null) : 0,
    apply: (changed: LogFilters) => show(writeLogFilters(changed, order)),
    sortBy: (changed: Order) => show(writeLogFilters(filters, changed)),
    /** Where an event is open beside the list; the list and its place in the history stay. */
    addressWith,
    place: location.state as Place | null,
    open: (event: string | undefined) =>
      navigate(addressWith(event), { state: location.state, replace: true, preventScrollReset: true }),
    nextPage: next
      ? () => {
          const to = writeLogFilters(filters, order);
          to.set("cursor", next);
          show(to, { before: [...before, cursor ?? ""] });
        }
      : undefined,
    previousPage: cursor
      ? () => {
          const to = writeLogFilters(filters, order);
          const last = before.at(-1);
          if (last) to.set("cursor", last);
          show(to, { before: before.slice(0, -1) });
        }
      : undefined,
  };
}

export type Log = ReturnType<typeof useLog>;
