import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { findHints, type Hint, withoutHint } from "./detect";
import { hintWords } from "./words";

/** So long after the last key: nobody is interrupted in the middle of a number. */
const PAUSE_MS = 700;

/** More at once would be a wall; the next comes when one is settled. */
const AT_ONCE = 3;

const keyOf = (hint: Hint) => `${hint.kind} ${hint.text}`;

/** A text that may be published, and where it is typed: to that field the cursor goes back. */
export interface HintedText {
  text: string;
  onChange: (text: string) => void;
  field: string;
}

/** What a text may give away, as it stands after a pause in typing, and what was decided about it. Nothing leaves the browser. */
export function useHints({ text, onChange, field }: HintedText, { forStaff = false } = {}) {
  const { i18n } = useLingui();
  const words = hintWords[i18n.locale === "en" ? "en" : "zh-CN"];
  const [seen, setSeen] = useState(text);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [taken, setTaken] = useState<{ before: string; after: string } | null>(null);
  // Fixed lines in a reply are those of offices.
  const isWanted = (hint: Hint) => !(forStaff && hint.kind === "phone" && /^[0０]/.test(hint.text));
  useEffect(() => {
    const timer = setTimeout(() => setSeen(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  // While somebody writes on, places are those of an older text.
  const hints =
    seen === text ? findHints(text).filter((hint) => isWanted(hint) && !left.has(keyOf(hint))) : [];
  const settled = (settle: () => void) => {
    settle();
    document.getElementById(field)?.focus();
  };
  return {
    words,
    hints: hints.slice(0, AT_ONCE),
    leave: (hint: Hint) => settled(() => setLeft(new Set([...left, keyOf(hint)]))),
    takeOut: (hint: Hint) =>
      settled(() => {
        const after = withoutHint(text, hint, words.instead[hint.kind]);
        setTaken({ before: text, after });
        setSeen(after);
        onChange(after);
      }),
    /** While nothing else was written since. */
    undo:
      taken?.after === text
        ? () =>
            settled(() => {
              setTaken(null);
              setSeen(taken.before);
              onChange(taken.before);
            })
        : null,
  };
}
