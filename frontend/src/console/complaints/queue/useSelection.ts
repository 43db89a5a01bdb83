import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import type { Schemas } from "../../../api/client";

export type Item = Schemas["ComplaintSummary"];

/** As many as the server takes at once. */
export const MOST = 100;

interface Kept {
  list: string;
  items: Item[];
}

const NONE: Kept = { list: "", items: [] };
const KEY = ["chosen"];

/** The rows chosen in a list: they stay through its pages and while a case is looked at; another list begins without. */
export function useSelection(list: string, page: readonly Item[]) {
  const queryClient = useQueryClient();
  // Where everything else from the server is kept: it outlives the page, and signing out empties it.
  const { data: kept } = useQuery({
    queryKey: KEY,
    queryFn: () => NONE,
    initialData: NONE,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const isThis = kept.list === list;
  const fresh = new Map(page.map((item) => [item.id, item]));
  // What is on the screen is what was read: its version counts, not the one from when it was ticked.
  const chosen = isThis ? kept.items.map((item) => fresh.get(item.id) ?? item) : [];
  const isNewer = isThis && kept.items.some((item, at) => item.version !== chosen[at]?.version);
  const keep = (items: Item[]) => queryClient.setQueryData<Kept>(KEY, { list, items: items.slice(0, MOST) });
  const catchUp = useEffectEvent(() => keep(chosen));
  useEffect(() => {
    if (isNewer) catchUp();
  }, [isNewer]);
  const ids = new Set(chosen.map(({ id }) => id));
  const isAll = page.length > 0 && page.every(({ id }) => ids.has(id));
  return {
    chosen,
    ids: ids as ReadonlySet<string>,
    isFull: chosen.length >= MOST,
    isAll,
    isSome: !isAll && page.some(({ id }) => ids.has(id)),
    toggle: (item: Item) =>
      keep(ids.has(item.id) ? chosen.filter(({ id }) => id !== item.id) : [...chosen, item]),
    togglePage: () =>
      keep(
        isAll
          ? chosen.filter(({ id }) => !fresh.has(id))
          : [...chosen, ...page.filter(({ id }) => !ids.has(id))],
      ),
    clear: () => keep([]),
    drop: (done: ReadonlySet<string>) => keep(chosen.filter(({ id }) => !done.has(id))),
  };
}

export type Selection = ReturnType<typeof useSelection>;
