import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import { $api, api, type Schemas } from "../../api/client";

export type Notice = Schemas["MemberNotice"];

const MINUTE = 60_000;
/** An alarm must not wait: the server answers this in next to no time. */
const ALARM_MS = 10_000;
const UNREAD = "/api/v1/me/notices/unread";

/** What waits; asked again every few seconds, in a window behind others too, so that an alarm shows in its title. */
function useWaiting() {
  const { data } = $api.useQuery(
    "get",
    UNREAD,
    {},
    { refetchInterval: ALARM_MS, refetchIntervalInBackground: true, refetchOnWindowFocus: "always" },
  );
  return data;
}

/** How many wait. */
export const useUnread = (): number => useWaiting()?.unread ?? 0;

/** The newest alarm that this member has not opened. */
export const useAlarm = (): Notice | null => useWaiting()?.alarm ?? null;

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

/** Marks as read; the bell and the lists follow. */
function useRead() {
  const queryClient = useQueryClient();
  return async (body: Schemas["ReadNotices"]) => {
    const { queryKey } = $api.queryOptions("get", UNREAD, {});
    const before = queryClient.getQueryData<Schemas["UnreadNotices"]>(queryKey);
    const { data } = await api.POST("/api/v1/me/notices/read", { body });
    queryClient.setQueryData(queryKey, data);
    if (data?.unread !== before?.unread) await queryClient.invalidateQueries({ queryKey: ["get", LIST] });
  };
}

/** Marks what was seen as read: up to the newest that was shown, so that none that came meanwhile is passed over. */
export function useMarkRead() {
  const read = useRead();
  return async (seen: Notice[]) => {
    const [newest] = seen;
    if (newest) await read({ until: newest.at });
  };
}

/**
 * Whoever opens a case, from wherever, has read what they were told of it. Once: what comes while the case is open, and
 * perhaps not looked at, waits.
 */
export function useReadByOpening(complaintId: string, isOpen: boolean) {
  const read = useRead();
  const isDone = useRef(false);
  const mark = useEffectEvent(() => read({ complaint_id: complaintId }));
  useEffect(() => {
    if (!isOpen || isDone.current) return;
    isDone.current = true;
    // If this fails the bell counts on, and the case can be worked on all the same.
    void mark().catch(() => undefined);
  }, [isOpen]);
}
