import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { $api } from "../../api/client";
import { today } from "../shared/due";
import { type Filters, isSameFilters } from "../shared/filters";
import { type PageState, queryOf, readPage, writePage } from "./page";

/** Figures over the same filters as the queue's. */
export function useFigures(filters: Filters, isNeeded = true) {
  const [shown, setShown] = useState(filters);
  const result = $api.useQuery(
    "get",
    "/api/v1/statistics/complaints",
    { params: { query: filters as never } },
    { placeholderData: keepPreviousData, enabled: isNeeded },
  );
  if (result.data && !result.isPlaceholderData && !isSameFilters(shown, filters)) setShown(filters);
  /** What the figures shown are narrowed down to: those of before stay until others come, and so do their lists. */
  return { result, shown };
}

/** The page that the address bar describes. */
export function useStatistics() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const page = readPage(params);
  const { result, shown } = useFigures(queryOf(page, today()));
  const change = (next: Partial<PageState>) =>
    navigate({ search: writePage({ ...page, ...next }) }, { replace: true, preventScrollReset: true });
  return { page, filters: shown, change, result };
}

export type ChangePage = ReturnType<typeof useStatistics>["change"];
