import type { Hint } from "./detect";
import type { useHints } from "./useHints";

interface ChoicesProps {
  hint: Hint;
  of: ReturnType<typeof useHints>;
  /** Of each button. */
  className: string;
}

/** What one can do about a find: each button says to a screen reader of which. */
export function Choices({ hint, of: { words, takeOut, leave }, className }: ChoicesProps) {
  const choices = [
    { label: words.takeOut, choose: takeOut },
    { label: words.leave, choose: leave },
  ];
  return choices.map(({ label, choose }) => (
    <button
      key={label}
      type="button"
      className={className}
      aria-label={words.about(label, hint.text)}
      onClick={() => choose(hint)}
    >
      {label}
    </button>
  ));
}
