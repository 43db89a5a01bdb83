import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { $api } from "../../api/client";
import { today } from "../shared/due";
import type { Filters } from "../shared/filters";
import { type PageState, queryOf, readPage, writePage } from "./page";

/** Figures over the same filters as the queue's. */
export function useFigures(filters: Filters, isNeeded = true) {
  return $api.useQuery(
    "get",
    "/api/v1/statistics/complaints",
    { params: { query: filters as never } },
    { placeholderData: keepPreviousData, enabled: isNeeded },
  );
}

/** The page that the address bar describes. */
export function useStatistics() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const page = readPage(params);
  const filters = queryOf(page, today());
  const result = useFigures(filters);
  const change = (next: Partial<PageState>) =>
    navigate({ search: writePage({ ...page, ...next }) }, { replace: true, preventScrollReset: true });
  return { page, filters, change, result };
}

export type ChangePage = ReturnType<typeof useStatistics>["change"];
