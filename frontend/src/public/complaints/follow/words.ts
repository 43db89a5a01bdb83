import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { tabStorage } from "../../../shared/storage";
import type { Keeping, KeptUpload } from "../../../shared/uploads/store";

type Complaint = Schemas["TrackedComplaint"];

const kinds = ["message", "redo"] as const;
type Kind = (typeof kinds)[number];

/** By the number, which opens nothing; the receipt code is never kept. */
const keyOf = (kind: Kind, { number }: Complaint) => `liangnuo.follow.${kind}.${number}`;

function load(kind: Kind, complaint: Complaint): string {
  const text = tabStorage.get(keyOf(kind, complaint)) ?? "";
  // The answer to a message may be lost though the message arrived; then it is in the conversation, and not to be sent again.
  const hasArrived =
    kind === "message" &&
    complaint.messages.some(({ from, body }) => from === "complainant" && body === text.trim());
  return hasArrived ? "" : text;
}

/** What is being written, over reloads and lost connections, until it is sent or the case is left. */
export function useKeptWords(kind: Kind, complaint: Complaint) {
  const [words, setWords] = useState(() => load(kind, complaint));
  const keep = (text: string) => {
    setWords(text);
    if (text) tabStorage.set(keyOf(kind, complaint), text);
    else tabStorage.remove(keyOf(kind, complaint));
  };
  return [words, keep] as const;
}

/** Files on their way, until they are sent or the tab is closed. */
export function keptFiles(number: string): Keeping {
  const key = `liangnuo.follow.files.${number}`;
  return {
    load: () => {
      try {
        return JSON.parse(tabStorage.get(key) ?? "[]") as KeptUpload[];
      } catch {
        return [];
      }
    },
    save: (uploads) => {
      if (uploads.length > 0) tabStorage.set(key, JSON.stringify(uploads));
      else tabStorage.remove(key);
    },
  };
}

export function forgetWords(complaint: Complaint) {
  tabStorage.remove(`liangnuo.follow.files.${complaint.number}`);
  for (const kind of kinds) tabStorage.remove(keyOf(kind, complaint));
}
