import { useHints } from "../../shared/hints/useHints";
import { Note } from "./parts";

interface TextHintsProps {
  text: string;
  onChange: (text: string) => void;
  /** The field, to which the cursor goes back. */
  field: string;
}

/** Below a text that may be published: what in it may say who somebody is. A unit's own fixed line is no find here. */
export function TextHints({ text, onChange, field }: TextHintsProps) {
  const { words, hints, leave, takeOut, undo } = useHints(text, onChange, { forStaff: true });
  const settled = (settle: () => void) => () => {
    settle();
    document.getElementById(field)?.focus();
  };
  return (
    <div role="status">
      {hints.map((hint) => (
        <Note key={`${hint.start} ${hint.text}`} tone="so">
          <p>{words.about(words.found[hint.kind], hint.text)}</p>
          <p className="m xs">{words.whyForStaff[hint.kind]}</p>
          <div className="row">
            <button
              type="button"
              className="btn sm"
              aria-label={words.about(words.takeOut, hint.text)}
              onClick={settled(() => takeOut(hint))}
            >
              {words.takeOut}
            </button>
            <button
              type="button"
              className="btn sm"
              aria-label={words.about(words.leave, hint.text)}
              onClick={settled(() => leave(hint))}
            >
              {words.leave}
            </button>
          </div>
        </Note>
      ))}
      {undo && (
        <p className="m xs">
          {words.takenOut}{" "}
          <button type="button" className="btn sm" onClick={settled(undo)}>
            {words.undo}
          </button>
        </p>
      )}
    </div>
  );
}
