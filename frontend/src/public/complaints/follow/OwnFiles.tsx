import type { Schemas } from "../../../api/client";
import { useUploadWords } from "../../../shared/uploads/words";
import { When } from "../../../shared/When";

/** What the complainant sent, and what became of it. The files themselves are not given back: whoever finds the code has words alone. */
export function OwnFiles({ files }: { files: Schemas["TrackedAttachment"][] }) {
  const words = useUploadWords();
  if (files.length === 0) return null;
  return (
    <section className="sec" aria-labelledby="files">
      <header>
        <h2 id="files">{words.sent}</h2>
      </header>
      <ul className="also">
        {files.map((file) => (
          <li key={file.id}>
            {file.name} <span className="muted">{words.states[file.state]}</span> <When value={file.on} />
            {file.refusal && <p className="small">{words.refusals[file.refusal]}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
