import { useSyncExternalStore } from "react";
import { $api, type Schemas } from "../../api/client";
import { session } from "./session";

export type Permission =
  | "complaints.list"
  | "complaints.register"
  | "complaints.import"
  | "units.import"
  | "members.import"
  | "statistics.read"
  | "units.edit"
  | "members.list"
  | "members.edit"
  | "role_grants.list"
  | "role_grants.edit"
  | "templates.edit"
  | "settings.edit"
  | "events.list"
  | "complaints.find_by_phone"
  | "identity.open";

export function useSessionStatus() {
  return useSyncExternalStore(session.subscribe, session.status);
}

/** Who is signed in. Inside the frame it is always there: the frame waits for it. */
export function useMe(): Schemas["Me"] | undefined {
  const status = useSessionStatus();
  return $api.useQuery("get", "/api/v1/me", {}, { enabled: status === "in", staleTime: 300_000 }).data;
}

export function useMay() {
  const me = useMe();
  return (permission: Permission) => Boolean(me?.permissions.includes(permission));
}
