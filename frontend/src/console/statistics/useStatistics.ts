import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { $api } from "../../api/client";
import { type Filters, readFilters, writeFilters } from "../shared/filters";

/** The figures over the same filters as the queue's, kept in the address bar. */
export function useStatistics() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const filters = readFilters(params);
  const result = $api.useQuery(
    "get",
    "/api/v1/statistics/complaints",
    { params: { query: filters as never } },
    { placeholderData: keepPreviousData },
  );
  const apply = (next: Filters) =>
    navigate({ search: writeFilters(next).toString().replaceAll("%2C", ",") }, { replace: true });
  return { filters, apply, result };
}
