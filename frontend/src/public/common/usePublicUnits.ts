import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api, type Schemas } from "../../api/client";

export interface UnitFilter {
  q?: string;
  kind?: Schemas["OrgUnitKind"];
  parent_id?: string;
  limit?: number;
}

/** The units that answer a search, page by page; the last answer stays in sight while the next one is on its way. */
export function usePublicUnits(filter: UnitFilter, enabled = true) {
  const query = useInfiniteQuery({
    queryKey: ["public-units", filter],
    enabled,
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await api.GET("/api/v1/public/units", {
        params: { query: { ...filter, cursor: pageParam, ...(pageParam ? {} : { count: true }) } },
        signal,
      });
      if (!data) throw new Error("an answer without units");
      return data;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const pages = query.data?.pages ?? [];
  return {
    ...query,
    units: pages.flatMap((page) => page.items),
    total: pages[0]?.total ?? null,
    isTotalCapped: pages[0]?.total_is_capped ?? false,
  };
}
