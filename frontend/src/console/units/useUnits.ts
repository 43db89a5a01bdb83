import { useQueryClient } from "@tanstack/react-query";
import { $api, type Schemas } from "../../api/client";

export type Unit = Schemas["OrgUnit"];

/** The units right beneath one; without `parentId` those that a search finds anywhere. */
export function useUnitList(
  query: { parent_id?: string; q?: string; include_closed?: boolean; cursor?: string },
  isOn = true,
) {
  return $api.useQuery(
    "get",
    "/api/v1/units",
    { params: { query: { ...query, limit: 100, count: true } } },
    { enabled: isOn },
  );
}

/** After a change every list of units may be another one. */
export function useRefreshUnits() {
  const queryClient = useQueryClient();
  return () =>
    queryClient.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/v1/units"),
    });
}
