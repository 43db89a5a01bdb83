import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "../../api/client";

const LIST = "/api/v1/identity-openings";
const PAGE = 20;

interface Wanted {
  complaint_id?: string;
  is_waiting?: boolean;
}

/** Requests to open who filed a case, newest first. Contact data are never among them. */
export function useOpenings(wanted: Wanted, enabled = true) {
  const query = { ...wanted, limit: PAGE };
  const found = useInfiniteQuery({
    queryKey: ["get", LIST, { params: { query } }],
    queryFn: async ({ pageParam, signal }) => {
      const page = pageParam ? { cursor: pageParam } : {};
      const { data } = await api.GET(LIST, { params: { query: { ...query, ...page } }, signal });
      return data as Schemas["IdentityOpeningPage"];
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled,
  });
  return { ...found, openings: found.data?.pages.flatMap(({ items }) => items) };
}

/** After a request was made or answered: the lists, and the case's timeline. */
export function useOpeningsChanged() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [LIST, "/api/v1/complaints/{complaint_id}"].map((path) =>
        queryClient.invalidateQueries({ queryKey: ["get", path] }),
      ),
    );
}
