import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { $api, api } from "../../../api/client";
import { ApiError } from "../../../api/problem";
import { newUuid } from "../../../shared/uuid";
import { ifMatch } from "../../shared/etag";
import { useOnce } from "../../shared/useOnce";
import type { Case, DoableVerb, VerbBodies } from "./verbs";

/** Somebody else changed the case while it was being looked at: what was wanted was not done. */
export interface Stale {
  verb: DoableVerb;
  /** As the caller saw it. */
  seen: Case;
}

interface Refusal {
  verb: DoableVerb;
  error: unknown;
}

/** Where the address is not the verb's own name. */
const paths: Partial<Record<DoableVerb, string>> = {
  not_accept: "not-accept",
  name_accused: "accused",
  wait: "hold",
  ask_extension: "extension",
  extend: "extension/grant",
  refuse_extension: "extension/refuse",
  ask_longer_hold: "longer-hold",
  grant_longer_hold: "longer-hold/grant",
  refuse_longer_hold: "longer-hold/refuse",
  report: "supervise/report",
  lift_supervision: "supervise/lift",
  mark_emergency: "emergency",
};

const queryOf = (id: string) => ({ params: { path: { complaint_id: id } } });

/** A case and everything that can be done with it; one thing at a time. */
export function useCase(id: string) {
  const queryClient = useQueryClient();
  const options = $api.queryOptions("get", "/api/v1/complaints/{complaint_id}", queryOf(id));
  const query = $api.useQuery("get", "/api/v1/complaints/{complaint_id}", queryOf(id));
  const { isBusy, once } = useOnce();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [stale, setStale] = useState<Stale | null>(null);
  const [running, setRunning] = useState<DoableVerb | null>(null);
  // A message sent again after a broken line carries the same key, so that it arrives once.
  const messageKey = useRef({ body: "", key: "" });

  function keep(next: Case) {
    queryClient.setQueryData(options.queryKey, next);
    void queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/complaints"] });
  }

  async function send<V extends DoableVerb>(seen: Case, verb: V, body: VerbBodies[V]): Promise<Case> {
    const { data } = await api.POST(
      `/api/v1/complaints/{complaint_id}/${paths[verb] ?? verb}` as never,
      {
        params: {
          path: { complaint_id: id },
          header: { ...ifMatch(seen), ...keyFor(verb, body, messageKey.current) },
        },
        body,
      } as never,
    );
    return data as unknown as Case;
  }

  /** Resolves to the case afterwards, or to null where it was refused; then `refusal` or `stale` says why. */
  async function run<V extends DoableVerb>(verb: V, body: VerbBodies[V]): Promise<Case | null> {
    const seen = query.data;
    if (!seen) return null;
    const done = await once(async () => {
      setRefusal(null);
      setRunning(verb);
      try {
        const next = await send(seen, verb, body);
        messageKey.current = { body: "", key: "" };
        setStale(null);
        keep(next);
        return next;
      } catch (error) {
        await refuse(seen, verb, error);
        return null;
      } finally {
        setRunning(null);
      }
    });
    return done ?? null;
  }

  async function refuse(seen: Case, verb: DoableVerb, error: unknown) {
    setRefusal({ verb, error });
    const code = error instanceof ApiError ? error.code : "";
    if (code === "stale_version") setStale({ verb, seen });
    if (code === "stale_version" || code === "wrong_state") await query.refetch();
  }

  return {
    complaint: query.data,
    loadError: query.error,
    reload: () => void query.refetch(),
    run,
    isBusy,
    running,
    refusal,
    stale,
    forgetRefusal: () => setRefusal(null),
    settle: () => {
      setStale(null);
      setRefusal(null);
    },
  };
}

export type CaseActions = ReturnType<typeof useCase>;

function keyFor(verb: DoableVerb, body: object, kept: { body: string; key: string }) {
  if (verb !== "message" && verb !== "wait") return {};
  const text = JSON.stringify(body);
  if (kept.body !== text) Object.assign(kept, { body: text, key: newUuid() });
  return { "Idempotency-Key": kept.key };
}
