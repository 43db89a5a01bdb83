import { Choices } from "../../../shared/hints/Choices";
import { type HintedText, useHints } from "../../../shared/hints/useHints";
import { Icon } from "../../common/Icon";

/** Below a field: what in its text may say who somebody is, why that may matter, and what one can do about it. */
export default function TextHints(text: HintedText) {
  const found = useHints(text);
  const { words, hints, undo } = found;
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
                  <Choices hint={hint} of={found} className="btn" />
                </div>
              </div>
            ))}
          </div>
        </div>
      )}
      {undo && (
        <p className="small">
          {words.takenOut}{" "}
          <button type="button" className="link" onClick={undo}>
            {words.undo}
          </button>
        </p>
      )}
    </div>
  );
}
