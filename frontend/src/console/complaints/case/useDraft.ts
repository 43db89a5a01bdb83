import { useState } from "react";
import { forgetDraft, isSame, keepDraft, keptDraft, type Part, type Parts, partsOf } from "./draft";
import type { Case } from "./verbs";

/** One's own text and the saved text that it was begun from. */
interface Own {
  base: Parts;
  parts: Parts;
  at: string;
}

/**
 * The text in the editor. It is kept on the device at every change, so that a closed tab or an ended session loses
 * nothing, and is never overwritten by what somebody else saved meanwhile. Without a text of one's own it follows
 * the server's.
 */
export function useDraft(complaint: Case) {
  const { id, version } = complaint;
  const theirs = partsOf(complaint);
  const [own, setOwn] = useState<Own | null>(() => {
    const kept = keptDraft(id);
    return kept && !isSame(kept.parts, theirs) ? kept : null;
  });
  const base = own?.base ?? theirs;
  const parts = own?.parts ?? theirs;
  const isDirty = !isSame(parts, base);

  function write(next: { base: Parts; parts: Parts }) {
    if (isSame(next.parts, next.base) && isSame(next.base, theirs)) return drop();
    const text = { ...next, at: new Date().toISOString() };
    setOwn(text);
    keepDraft(id, { version, ...text });
  }

  function drop() {
    forgetDraft(id);
    setOwn(null);
  }

  return {
    parts,
    base,
    theirs,
    isDirty,
    /** Somebody else saved another text than the one that this was begun from. */
    isConflicting: isDirty && !isSame(base, theirs),
    keptAt: own?.at ?? null,
    change: (part: Part, text: string) => write({ base, parts: { ...parts, [part]: text } }),
    /** All parts at once: a template, or taking it back. */
    fill: (next: Parts) => write({ base, parts: next }),
    /** Goes on from the newer text with what was merged; nothing is sent by this. */
    rebase: (merged: Parts) => write({ base: theirs, parts: merged }),
    /** The server has it, or it is given up. */
    drop,
  };
}

export type Draft = ReturnType<typeof useDraft>;
