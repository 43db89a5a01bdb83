import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { storage } from "../../../shared/storage";
import { readLocal } from "../../shared/local";
import type { Case } from "./verbs";

/** A reply holds the request, the facts, the decision and its basis. */
export const PARTS = ["request", "facts", "decision", "basis"] as const;
export type Part = (typeof PARTS)[number];
export type Parts = Record<Part, string>;

export const partWords: Record<Part, MessageDescriptor> = {
  request: msg`您反映的事`,
  facts: msg`我们查到的`,
  decision: msg`我们的处理`,
  basis: msg`依据`,
};

export const partHints: Record<Part, MessageDescriptor> = {
  request: msg`用一两句话复述，让对方知道您看懂了`,
  facts: msg`哪天、谁、查了什么、数字是多少`,
  decision: msg`从哪天起、怎么改、谁负责`,
  basis: msg`如：供餐合同第几条、承诺书第几项`,
};

export const LIMIT = 5000;

export function partsOf(complaint: Pick<Case, "draft">): Parts {
  const { draft } = complaint;
  return {
    request: draft?.request ?? "",
    facts: draft?.facts ?? "",
    decision: draft?.decision ?? "",
    basis: draft?.basis ?? "",
  };
}

export const isSame = (one: Parts, other: Parts) => PARTS.every((part) => one[part] === other[part]);
export const missingOf = (parts: Parts) => PARTS.filter((part) => parts[part].trim() === "");
export const lengthOf = (parts: Parts) => PARTS.reduce((sum, part) => sum + parts[part].length, 0);

/** What one wrote on this device, and upon which text of which version. */
export interface KeptDraft {
  version: number;
  base: Parts;
  parts: Parts;
  at: string;
}

const keyOf = (id: string) => `liangnuo.draft.${id}`;

export const keptDraft = (id: string) => readLocal<KeptDraft | null>(keyOf(id), null);
export const keepDraft = (id: string, draft: KeptDraft) => storage.set(keyOf(id), JSON.stringify(draft));
export const forgetDraft = (id: string) => storage.remove(keyOf(id));

/** Parts that both sides changed, each to something else: only these need a person. */
export function conflictsOf(base: Parts, mine: Parts, theirs: Parts): Part[] {
  return PARTS.filter(
    (part) => mine[part] !== theirs[part] && mine[part] !== base[part] && theirs[part] !== base[part],
  );
}

/** What only one side changed is taken from that side; conflicts as chosen. */
export function merge(base: Parts, mine: Parts, theirs: Parts, takeTheirs: ReadonlySet<Part>): Parts {
  const conflicts = new Set(conflictsOf(base, mine, theirs));
  const pick = (part: Part) => {
    if (conflicts.has(part)) return takeTheirs.has(part) ? theirs[part] : mine[part];
    return mine[part] === base[part] ? theirs[part] : mine[part];
  };
  return Object.fromEntries(PARTS.map((part) => [part, pick(part)])) as Parts;
}
