import { useSyncExternalStore } from "react";
import type { Schemas } from "../../../api/client";
import { storage } from "../../../shared/storage";
import type { KeptUpload } from "../../../shared/uploads/store";
import { newUuid } from "../../../shared/uuid";

type Payload = Omit<Schemas["FileComplaint"], "altcha">;

interface Attempt {
  /** The Idempotency-Key. */
  key: string;
  payload: string;
  /** The proof of work it went with; null until it went. */
  altcha: string | null;
}

export interface Draft {
  about: "unit" | "unknown";
  unit: Schemas["UnitRef"] | null;
  kind: Schemas["ComplaintKind"] | null;
  title: string;
  body: string;
  answer: "anonymous" | "named" | null;
  name: string;
  phone: string;
  email: string;
  /** Who consented, for whoever said that they are under 14. */
  guardian?: Schemas["GuardianInput"] | undefined;
  /** Photos and files that are sent already, or on their way. */
  uploads: KeptUpload[];
  /** When it was last kept on this device; null while there is nothing to keep. */
  savedAt: string | null;
  /** The last attempt to send: see `attemptFor`. */
  attempt: Attempt | null;
}

const KEY = "liangnuo.complaint-draft";
const KEPT_FOR_MS = 30 * 86_400_000;

const empty: Draft = {
  about: "unit",
  unit: null,
  kind: null,
  title: "",
  body: "",
  answer: null,
  name: "",
  phone: "",
  email: "",
  uploads: [],
  savedAt: null,
  attempt: null,
};

let current: Draft | null = null;
let isKept = false;
const listeners = new Set<() => void>();

function load(): Draft {
  const text = storage.get(KEY);
  if (!text) return empty;
  try {
    const draft = { ...empty, ...(JSON.parse(text) as Partial<Draft>) };
    const age = Date.now() - Date.parse(draft.savedAt ?? "");
    if (age < KEPT_FOR_MS) return draft;
  } catch {
    // What cannot be read cannot be gone on with.
  }
  storage.remove(KEY);
  return empty;
}

export function readDraft(): Draft {
  if (!current) {
    current = load();
    isKept = current.savedAt !== null;
  }
  return current;
}

function put(draft: Draft) {
  current = draft;
  for (const listener of listeners) listener();
}

/** Changes and keeps at once: a phone may close the page at any moment without a word. */
export function changeDraft(change: Partial<Draft>) {
  const next = { ...readDraft(), ...change, savedAt: new Date().toISOString() };
  isKept = storage.set(KEY, JSON.stringify(next));
  put(next);
}

export function discardDraft() {
  storage.remove(KEY);
  isKept = false;
  put(empty);
}

/** Forgets what is in memory, as a new visit would; what is kept on the device stays. */
export function forgetDraftInMemory() {
  current = null;
}

export function isDraftKept(): boolean {
  return isKept;
}

export function hasWords(draft: Draft): boolean {
  return draft.title.trim() !== "" || draft.body.trim() !== "";
}

export function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useDraft(): Draft {
  return useSyncExternalStore(subscribe, readDraft);
}

/** What is sent, but for the proof of work. */
export function payloadOf(draft: Draft): Payload {
  return {
    kind: draft.kind ?? "grievance",
    title: draft.title.trim(),
    body: draft.body.trim(),
    ...(draft.about === "unit" && draft.unit ? { unit_id: draft.unit.id } : {}),
    ...(draft.answer === "named"
      ? {
          contact: {
            name: draft.name.trim(),
            ...(draft.phone.trim() ? { phone: draft.phone.trim() } : {}),
            ...(draft.email.trim() ? { email: draft.email.trim() } : {}),
            ...(draft.guardian ? { guardian: draft.guardian } : {}),
          },
        }
      : {}),
  };
}

/**
 * The Idempotency-Key stays the same as long as the same text is sent, over double clicks, lost connections and a
 * restart of the phone, so that it is filed once; and its proof goes with it, so that it is the same request to the
 * letter. Other text is another complaint and gets another key.
 */
export function attemptFor(payload: Payload): Attempt {
  const sent = JSON.stringify(payload);
  const { attempt } = readDraft();
  if (attempt?.payload === sent) return attempt;
  const fresh: Attempt = { key: newUuid(), payload: sent, altcha: null };
  changeDraft({ attempt: fresh });
  return fresh;
}

export function noteProof(attempt: Attempt, altcha: string) {
  changeDraft({ attempt: { ...attempt, altcha } });
}
