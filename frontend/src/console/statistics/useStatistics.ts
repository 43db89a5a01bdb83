import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { $api } from "../../api/client";
import { type Filters, readFilters, writeFilters } from "../shared/filters";
import { periodFilters, periodName } from "./period";

/** All time is said by a word of its own, since an address without any filter is this year. */
const EVER = "ever";

export function readPeriod(params: URLSearchParams): Filters {
  const filters = readFilters(params);
  const isEver = periodName(filters) === "ever";
  return isEver && params.get("period") !== EVER ? { ...filters, ...periodFilters("year") } : filters;
}

/** The figures over the same filters as the queue's, kept in the address bar. */
export function useStatistics() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const filters = readPeriod(params);
  const result = $api.useQuery(
    "get",
    "/api/v1/statistics/complaints",
    { params: { query: filters as never } },
    { placeholderData: keepPreviousData },
  );
  const apply = (next: Filters) => {
    const search = writeFilters(next);
    if (periodName(next) === "ever") search.set("period", EVER);
    return navigate({ search: search.toString().replaceAll("%2C", ",") }, { replace: true });
  };
  return { filters, apply, result };
}
