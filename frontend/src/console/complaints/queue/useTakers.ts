import { useQueries } from "@tanstack/react-query";
import { $api, type Schemas } from "../../../api/client";
import type { Item } from "./useSelection";

type Assignee = Schemas["AssigneeItem"];

/**
 * Those to ask about: who can take an open case hangs on the unit it goes to, so that one stands for all; who is
 * accused in a sealed one, and whose answer did not satisfy, is each case's own.
 */
export function standIns(asked: readonly Item[]): Item[] {
  const isOrdinary = (item: Item) => !item.is_sealed && !item.is_redone;
  const first = asked.find(isOrdinary);
  return [...(first ? [first] : []), ...asked.filter((item) => !isOrdinary(item))];
}

/** Who stands in every list. */
export function common(lists: readonly (readonly Assignee[])[]): Assignee[] {
  const [first = [], ...rest] = lists;
  return first.filter(({ id }) => rest.every((list) => list.some((other) => other.id === id)));
}

/** Who can take all of these cases at a unit. */
export function useTakers(asked: readonly Item[], unit: string | undefined) {
  const isNeeded = unit !== undefined;
  const lists = useQueries({
    queries: standIns(asked).map(({ id }) =>
      $api.queryOptions(
        "get",
        "/api/v1/complaints/{complaint_id}/assignees",
        { params: { path: { complaint_id: id }, query: { unit_id: unit ?? "" } } },
        { enabled: isNeeded },
      ),
    ),
  });
  // Only the case itself says whose answer did not satisfy.
  const redone = useQueries({
    queries: asked
      .filter((item) => item.is_redone)
      .map(({ id }) =>
        $api.queryOptions(
          "get",
          "/api/v1/complaints/{complaint_id}",
          { params: { path: { complaint_id: id } } },
          { enabled: isNeeded },
        ),
      ),
  });
  const all = [...lists, ...redone];
  const barred = redone.map(({ data }) => data?.redo?.not_by?.id);
  const people = all.every(({ data }) => data)
    ? common(lists.map(({ data }) => data?.items ?? [])).filter(({ id }) => !barred.includes(id))
    : undefined;
  return {
    people,
    /** There are takers for some, if not for all. */
    isMixed: lists.some(({ data }) => (data?.items.length ?? 0) > 0),
    error: all.find(({ error }) => error)?.error,
    refetch: () => void Promise.all(all.map((one) => one.refetch())),
  };
}
