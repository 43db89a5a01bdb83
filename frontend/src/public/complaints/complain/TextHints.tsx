import { useHints } from "../../../shared/hints/useHints";
import { Icon } from "../../common/Icon";

interface TextHintsProps {
  text: string;
  change: (text: string) => void;
  /** The field, to which the cursor goes back. */
  field: string;
}

/** Below a field: what in its text may say who somebody is, why that may matter, and what one can do about it. */
export default function TextHints({ text, change, field }: TextHintsProps) {
  const { words, hints, leave, takeOut, undo } = useHints(text, change);
  const settled = (settle: () => void) => () => {
    settle();
    document.getElementById(field)?.focus();
  };
  return (
    <div role="status">
      {hints.length > 0 && (
        <div className="help">
          <Icon name="alert" />
          <div>
            <p>
              <b>{words.heading}</b> <span className="small muted">{words.local}</span>
            </p>
            {hints.map((hint) => (
              <div key={`${hint.start} ${hint.text}`}>
                <p>
                  {words.about(words.found[hint.kind], hint.text)}
                  <br />
                  <span className="small">{words.why[hint.kind]}</span>
                </p>
                <div className="btns">
                  <button
                    type="button"
                    className="btn"
                    aria-label={words.about(words.takeOut, hint.text)}
                    onClick={settled(() => takeOut(hint))}
                  >
                    {words.takeOut}
                  </button>
                  <button
                    type="button"
                    className="btn"
                    aria-label={words.about(words.leave, hint.text)}
                    onClick={settled(() => leave(hint))}
                  >
                    {words.leave}
                  </button>
                </div>
              </div>
            ))}
          </div>
        </div>
      )}
      {undo && (
        <p className="small">
          {words.takenOut}{" "}
          <button type="button" className="link" onClick={settled(undo)}>
            {words.undo}
          </button>
        </p>
      )}
    </div>
  );
}
