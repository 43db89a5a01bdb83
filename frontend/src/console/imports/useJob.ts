import { $api } from "../../api/client";
import { isRunning } from "./client";

const EVERY_MS = 1500;

/** A job, asked for again until it has ended. */
export function useJob(id: string | undefined) {
  return $api.useQuery(
    "get",
    "/api/v1/imports/{import_id}",
    { params: { path: { import_id: id ?? "" } } },
    {
      enabled: Boolean(id),
      refetchInterval: ({ state }) => (state.data && !isRunning(state.data) ? false : EVERY_MS),
    },
  );
}
