import { useQueryClient } from "@tanstack/react-query";
import { $api, api, type Schemas } from "../../../api/client";
import { useKeyFor } from "../../shared/useKeyFor";

const LIST = "/api/v1/me/views";

/** The views that the member named: kept by the server, so that they are there on every device. */
export function useSavedViews() {
  const queryClient = useQueryClient();
  const keyFor = useKeyFor();
  const { data } = $api.useQuery("get", LIST, {}, { staleTime: 60_000 });
  const { queryKey } = $api.queryOptions("get", LIST, {});
  return {
    saved: data?.items ?? [],
    /** Refused, it throws: a name that is taken, too many views. */
    save: async (name: string, query: string) => {
      const body = { name, query };
      const answer = await api.POST(LIST, { params: { header: keyFor(body) }, body });
      queryClient.setQueryData(queryKey, answer.data as Schemas["SavedViewList"]);
    },
    remove: async (id: string) => {
      await api.DELETE("/api/v1/me/views/{view_id}", { params: { path: { view_id: id } } });
      await queryClient.invalidateQueries({ queryKey });
    },
  };
}
