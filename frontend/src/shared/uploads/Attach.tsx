import { type ChangeEvent, useId, useRef, useState, useSyncExternalStore } from "react";
import { shrunk } from "./shrink";
import { FILE_MAX, FILES_MAX, type Item, type Uploads } from "./store";
import { type UploadWords, useUploadWords } from "./words";
import "./uploads.css";

const ACCEPT = "image/jpeg,image/png,image/webp,.jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx";

interface AttachProps {
  uploads: Uploads;
  heading?: "h2" | "h3";
  /** Members attach evidence: nobody's identity is in its original, and it is what they came for. */
  isStaff?: boolean;
}

/** Photos and files that go with what is written: taken or chosen here, sent while the form is filled in. */
export default function Attach({ uploads, heading: Heading = "h2", isStaff = false }: AttachProps) {
  const words = useUploadWords();
  const items = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  const [keepsOriginal, setKeepsOriginal] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const id = useId();

  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(target.files ?? [])];
    // The same file can be chosen again.
    target.value = "";
    setNotice(null);
    const room = Math.max(0, FILES_MAX - uploads.snapshot().length);
    const notices = chosen.length > room ? [words.tooMany] : [];
    for (const file of chosen.slice(0, room)) {
      const { content, name } = await shrunk(file);
      if (content.size > FILE_MAX) notices.push(words.tooLarge + name);
      else uploads.add(content, name, keepsOriginal);
    }
    setNotice(notices.join(" ") || null);
  };

  return (
    <section className="field attach no-print" aria-labelledby={`${id}-title`}>
      <Heading id={`${id}-title`}>
        {isStaff ? words.staffTitle : words.title}
        {!isStaff && <span className="opt">{words.optional}</span>}
      </Heading>
      <p className="hint">{words.hint}</p>
      {isStaff ? (
        <p className="hint">{words.staffHint}</p>
      ) : (
        <Warnings isKept={keepsOriginal} onKeep={setKeepsOriginal} />
      )}
      <div className="btns close">
        <Picker
          label={words.take}
          accept="image/*"
          capture="environment"
          onChange={choose}
          className="phone"
        />
        <Picker label={words.choose} accept={ACCEPT} multiple onChange={choose} />
      </div>
      <p className="small bad" role="status">
        {notice}
      </p>
      {items.length > 0 && (
        <ul className="files" aria-label={words.list}>
          {items.map((item) => (
            <Chosen key={item.key} item={item} uploads={uploads} words={words} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** What a photo tells of whoever took it, and whether it may be kept. */
function Warnings({ isKept, onKeep }: { isKept: boolean; onKeep: (isKept: boolean) => void }) {
  const words = useUploadWords();
  const id = useId();
  return (
    <>
      <p className="hint">{words.stripped}</p>
      <p className="hint">{words.faces}</p>
      <label className="keep">
        <input
          type="checkbox"
          checked={isKept}
          onChange={(event) => onKeep(event.target.checked)}
          aria-describedby={`${id}-why`}
        />
        <span>
          {words.keep}
          <small id={`${id}-why`}>{words.keepWhy}</small>
        </span>
      </label>
    </>
  );
}

interface PickerProps {
  label: string;
  accept: string;
  capture?: "environment";
  multiple?: boolean;
  className?: string;
  onChange: (event: ChangeEvent<HTMLInputElement>) => unknown;
}

/** A button that opens the browser's own choice of files: the field itself can be reached by the keyboard and is not seen. */
function Picker({ label, className = "", onChange, ...rest }: PickerProps) {
  return (
    <label className={`btn picker ${className}`}>
      <input type="file" className="sr" onChange={(event) => void onChange(event)} {...rest} />
      {label}
    </label>
  );
}

function said(item: Item, words: UploadWords): string {
  const percent = Math.floor((item.received / item.size) * 100);
  if (item.doing !== "done") {
    const { queued, proving, checking, failed, again_why: lost } = words;
    const now = { queued, proving, checking, failed, lost };
    if (item.doing === "sending") return words.sending(percent);
    return item.doing === "paused" ? words.paused(percent) : now[item.doing];
  }
  if (item.state === "refused") return words.refusals[item.refusal ?? "attachment_kind"];
  if (item.state === "infected") return words.infected;
  return item.state === "quarantined" ? words.waiting : words.ready;
}

function Chosen({ item, uploads, words }: { item: Item; uploads: Uploads; words: UploadWords }) {
  const [isOther, setOther] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  const isBad = ["refused", "infected"].includes(item.state) || item.doing === "failed";
  const isMoving = ["sending", "paused"].includes(item.doing);
  const resume = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    target.value = "";
    if (file) setOther(!uploads.resume(item.key, file));
  };
  const remove = () => {
    // The next one, or what chooses files, and not the top of the page.
    const next = row.current?.nextElementSibling ?? row.current?.closest(".attach");
    next?.querySelector<HTMLElement>("button, input")?.focus();
    uploads.remove(item.key);
  };
  return (
    <li ref={row} className={isBad ? "bad" : ""}>
      {item.preview ? <img src={item.preview} alt="" /> : <span className="paper" aria-hidden="true" />}
      <div>
        <p className="name">{item.name}</p>
        <p className="small" role="status">
          {isOther ? words.notSame : said(item, words)}
          {item.keepsOriginal && <span className="muted"> · {words.original}</span>}
        </p>
        {isMoving && <progress max={item.size} value={item.received} aria-label={item.name} />}
        <div className="acts">
          {item.doing === "lost" && <Picker label={words.again} accept={ACCEPT} onChange={resume} />}
          {item.doing === "failed" && (
            <button type="button" className="link" onClick={() => uploads.retry(item.key)}>
              {words.retry}
            </button>
          )}
          <button type="button" className="link" onClick={remove} aria-label={words.remove(item.name)}>
            {words.removeShort}
          </button>
        </div>
      </div>
    </li>
  );
}
