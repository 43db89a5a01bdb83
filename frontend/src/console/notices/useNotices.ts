import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { $api, api, type Schemas } from "../../api/client";

export type Notice = Schemas["MemberNotice"];

const MINUTE = 60_000;

/** How many wait; asked again each minute and whenever the page is looked at again. */
export function useUnread(): number {
  const { data } = $api.useQuery(
    "get",
    "/api/v1/me/notices/unread",
    {},
    { refetchInterval: MINUTE, refetchOnWindowFocus: "always" },
  );
  return data?.unread ?? 0;
}

const LIST = "/api/v1/me/notices";

/** A list that is read stands still; a `live` one follows the bell. */
export function useNotices(isUnreadOnly: boolean, limit: number, isLive = false) {
  const query = { limit, ...(isUnreadOnly ? { unread: true } : {}) };
  return useInfiniteQuery({
    queryKey: ["get", LIST, { params: { query } }],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam ? { cursor: pageParam } : {};
      const { data } = await api.GET(LIST, { params: { query: { ...query, ...cursor } }, signal });
      return data as Schemas["MemberNoticePage"];
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    ...(isLive ? { refetchInterval: MINUTE, refetchOnWindowFocus: "always" as const } : {}),
  });
}

/** Marks what was seen as read: up to the newest that was shown, so that none that came meanwhile is passed over. */
export function useMarkRead() {
  const queryClient = useQueryClient();
  return async (seen: Notice[], complaintId?: string) => {
    const newest = seen.find((notice) => !complaintId || notice.complaint_id === complaintId);
    if (!newest) return;
    await api.POST("/api/v1/me/notices/read", {
      body: { until: newest.at, ...(complaintId ? { complaint_id: complaintId } : {}) },
    });
    await Promise.all(
      [LIST, "/api/v1/me/notices/unread"].map((path) =>
        queryClient.invalidateQueries({ queryKey: ["get", path] }),
      ),
    );
  };
}
