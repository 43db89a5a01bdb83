import { Uploads } from "../../../shared/uploads/store";
import { changeDraft, readDraft, subscribe } from "../complain/draft";
import { begin } from "./begin";

let current: Uploads | null = null;

/** The files of the draft: one set for all of its pages, which goes on while they change. It ends with the draft. */
export function uploadsOfDraft(): Uploads {
  if (current) return current;
  const mine = new Uploads(
    {
      load: () => readDraft().uploads,
      save: (uploads) => changeDraft({ uploads }),
    },
    begin,
  );
  current = mine;
  const leave = subscribe(() => {
    // Filed or thrown away.
    if (readDraft().savedAt !== null) return;
    leave();
    current = null;
    mine.forget();
  });
  return mine;
}
