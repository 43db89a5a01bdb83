import { keepPreviousData } from "@tanstack/react-query";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { $api } from "../../../api/client";
import { type Filters, readFilters, readSort, type Sort, writeFilters } from "../../shared/filters";

export const PAGE_SIZE = 20;

/** The cursors of the pages before this one, kept with the browser's history: the API only knows "next". */
interface Place {
  before: string[];
}

/** The list that the address bar describes. */
export function useQueue() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const location = useLocation();
  const filters = readFilters(params);
  const sort = readSort(params);
  const cursor = params.get("cursor") ?? undefined;
  const before = (location.state as Place | null)?.before ?? [];
  const query = { ...filters, sort, limit: PAGE_SIZE, count: true, ...(cursor ? { cursor } : {}) };
  const result = $api.useQuery(
    "get",
    "/api/v1/complaints",
    { params: { query: query as never } },
    { placeholderData: keepPreviousData },
  );

  const show = (next: URLSearchParams, state?: Place) =>
    navigate({ search: next.toString().replaceAll("%2C", ",") }, { state });

  const next = result.data?.next_cursor;
  return {
    filters,
    sort,
    cursor,
    result,
    /** How many stand before the first row; unknown when a page in the middle was opened by its address. */
    offset: cursor ? (before.length > 0 ? before.length * PAGE_SIZE : null) : 0,
    apply: (changed: Filters) => show(writeFilters(changed, sort)),
    sortBy: (changed: Sort) => show(writeFilters(filters, changed)),
    nextPage: next
      ? () => {
          const to = writeFilters(filters, sort);
          to.set("cursor", next);
          show(to, { before: [...before, cursor ?? ""] });
        }
      : undefined,
    previousPage: cursor
      ? () => {
          const to = writeFilters(filters, sort);
          const last = before.at(-1);
          if (last) to.set("cursor", last);
          show(to, { before: before.slice(0, -1) });
        }
      : undefined,
  };
}
