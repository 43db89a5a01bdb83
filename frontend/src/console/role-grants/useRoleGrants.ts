import { keepPreviousData, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { $api, type Schemas } from "../../api/client";
import { stateWords } from "./words";

const TEXTS = ["q", "member_id", "unit_id", "role", "is_deputy", "role_grant_id"] as const;
type Name = (typeof TEXTS)[number] | "state" | "cursor";
export type Shown = Partial<Record<Name, string>>;

/** What one mostly wants to know is who holds what now; all others are a choice. */
export const NOW = "in_force";
export const ALL = "all";

function read(params: URLSearchParams): Shown {
  const shown: Shown = { state: params.get("state") || NOW };
  for (const name of [...TEXTS, "cursor"] as const) {
    const text = params.get(name);
    if (text) shown[name] = text;
  }
  return shown;
}

/** The list with its filters in the address bar. */
export function useRoleGrants() {
  const queryClient = useQueryClient();
  const [params, setParams] = useSearchParams();
  const shown = read(params);
  const { state, is_deputy, role, ...others } = shown;
  const query = {
    limit: 25,
    count: true,
    ...others,
    ...(role ? { role: role as Schemas["RoleCode"] } : {}),
    ...(state && state in stateWords ? { state: state as Schemas["RoleGrantState"] } : {}),
    ...(is_deputy ? { is_deputy: is_deputy === "true" } : {}),
  };
  const result = $api.useQuery(
    "get",
    "/api/v1/role-grants",
    { params: { query } },
    { placeholderData: keepPreviousData },
  );
  /** Narrows anew, from the first page on. */
  const show = (changed: Shown) => {
    const next = { ...shown, cursor: undefined, ...changed };
    if (next.state === NOW) next.state = undefined;
    const kept = Object.entries(next).filter((entry): entry is [string, string] => Boolean(entry[1]));
    setParams(Object.fromEntries(kept));
  };
  /** Who holds what shows at the members and in one's own menu, too. */
  const refresh = () =>
    queryClient.invalidateQueries({
      predicate: ({ queryKey }) =>
        ["/api/v1/role-grants", "/api/v1/members", "/api/v1/me"].some((path) =>
          String(queryKey[1]).startsWith(path),
        ),
    });
  const isNarrowed = TEXTS.some((name) => shown[name]) || state !== NOW;
  return { shown, result, show, refresh, isNarrowed };
}

export type GrantList = ReturnType<typeof useRoleGrants>;
