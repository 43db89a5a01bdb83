import { useQuery } from "@tanstack/react-query";
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

export function useStatistics() {
  return useQuery({
    queryKey: ["statistics"],
    queryFn: async ({ signal }) =>
      (await api.GET("/api/v1/public/statistics/complaints", { signal })).data ?? null,
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
