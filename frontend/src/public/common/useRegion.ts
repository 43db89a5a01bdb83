import { $api } from "../../api/client";

/** Whose portal this is. The frame works without it, so that a page never waits for it. */
export function useRegion() {
  return (
    $api.useQuery("get", "/api/v1/public/region", {}, { staleTime: Number.POSITIVE_INFINITY }).data ?? null
  );
}
