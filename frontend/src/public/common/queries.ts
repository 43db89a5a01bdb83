import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";

/** Whose portal this is. The frame works without it, so that a page never waits for it. */
export function useRegion() {
  const region = useQuery({
    queryKey: ["region"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await api.GET("/api/v1/public/region", { signal })).data ?? null,
  });
  return region.data ?? null;
}

/** The county's figures of a year, by default of the present one. */
export function useStatistics(year?: number) {
  return useQuery({
    queryKey: ["statistics", year],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const params = { query: { year } };
      return (await api.GET("/api/v1/public/statistics/complaints", { params, signal })).data ?? null;
    },
  });
}

export function useUnit(unitId: string) {
  return useQuery({
    queryKey: ["unit", unitId],
    queryFn: async ({ signal }) => {
      const params = { path: { unit_id: unitId } };
      return (await api.GET("/api/v1/public/units/{unit_id}", { params, signal })).data ?? null;
    },
  });
}
