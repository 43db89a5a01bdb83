import { Choices } from "../../shared/hints/Choices";
import { type HintedText, useHints } from "../../shared/hints/useHints";
import { Note } from "./parts";

/** Below a text that may be published: what in it may say who somebody is. A unit's own fixed line is no find here. */
export function TextHints(text: HintedText) {
  const found = useHints(text, { forStaff: true });
  const { words, hints, undo } = found;
  return (
    <div role="status">
      {hints.map((hint) => (
        <Note key={`${hint.start} ${hint.text}`} tone="so">
          <p>{words.about(words.found[hint.kind], hint.text)}</p>
          <p className="m xs">{words.whyForStaff[hint.kind]}</p>
          <div className="row">
            <Choices hint={hint} of={found} className="btn sm" />
          </div>
        </Note>
      ))}
      {undo && (
        <p className="m xs">
          {words.takenOut}{" "}
          <button type="button" className="btn sm" onClick={undo}>
            {words.undo}
          </button>
        </p>
      )}
    </div>
  );
}
