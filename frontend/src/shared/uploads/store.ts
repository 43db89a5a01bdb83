import type { Schemas } from "../../api/client";
import { ApiError, isWorthRetrying } from "../../api/problem";
import { newUuid } from "../uuid";
import { type Begin, discard, look, sendRest, type Ticket, type Upload } from "./transfer";

export const FILES_MAX = 10;
export const FILE_MAX = 5 * 1024 * 1024;

/** What is kept of a file over a reload: enough to go on with it, and to attach it. */
export interface KeptUpload {
  /** The Idempotency-Key of its announcement, and what it is known by here. */
  key: string;
  name: string;
  size: number;
  keepsOriginal: boolean;
  ticket: Ticket | null;
  received: number;
  state: Upload["state"];
  refusal: Schemas["AttachmentRefusal"] | null;
}

/** What it is doing now; of a file that was kept and of which the content is gone: "lost". */
export type Doing = "queued" | "proving" | "sending" | "paused" | "checking" | "done" | "failed" | "lost";

export interface Item extends KeptUpload {
  doing: Doing;
  /** What can be drawn of it, while the page is open. */
  preview: string | null;
}

export interface Keeping {
  load: () => readonly KeptUpload[];
  save: (uploads: KeptUpload[]) => void;
}

const LOOKS = 600;
const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    const now = () => {
      clearTimeout(timer);
      resolve();
    };
    // The connection is back: no need to wait on.
    globalThis.addEventListener("online", now, { once: true });
    signal.addEventListener("abort", now, { once: true });
  });

const isAttachable = ({ state }: KeptUpload) => ["processing", "quarantined", "ready"].includes(state);

/** The files of one form. They are sent one after the other, and go on whatever page is shown. */
export class Uploads {
  private items: readonly Item[];
  private readonly files = new Map<string, Blob>();
  private readonly stops = new Map<string, AbortController>();
  private readonly listeners = new Set<() => void>();
  private isRunning = false;

  constructor(
    private readonly keeping: Keeping,
    private readonly begin: Begin,
  ) {
    this.items = keeping.load().map((kept) => ({
      ...kept,
      preview: null,
      doing: kept.ticket === null || kept.state === "receiving" ? "lost" : doingOf(kept.state),
    }));
    void this.run();
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.items;

  private put(items: readonly Item[]) {
    this.items = items;
    this.keeping.save(items.map(keptOf));
    for (const listener of this.listeners) listener();
  }

  private change(key: string, change: Partial<Item>) {
    this.put(this.items.map((item) => (item.key === key ? { ...item, ...change } : item)));
  }

  add(file: Blob, name: string, keepsOriginal: boolean) {
    const key = newUuid();
    this.files.set(key, file);
    const isPicture = /^image\/(jpeg|png|webp)$/.test(file.type);
    const item: Item = {
      key,
      name,
      size: file.size,
      keepsOriginal: keepsOriginal && isPicture,
      ticket: null,
      received: 0,
      state: "receiving",
      refusal: null,
      doing: "queued",
      preview: isPicture ? URL.createObjectURL(file) : null,
    };
    this.put([...this.items, item]);
    void this.run();
  }

  /** Goes on with a file whose content was gone; false if this is another one. */
  resume(key: string, file: File): boolean {
    const item = this.items.find((one) => one.key === key);
    if (!item || file.size !== item.size) return false;
    this.files.set(key, file);
    const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
    this.change(key, { doing: "queued", preview });
    void this.run();
    return true;
  }

  retry(key: string) {
    this.change(key, { doing: "queued" });
    void this.run();
  }

  remove(key: string) {
    const item = this.items.find((one) => one.key === key);
    if (!item) return;
    this.stops.get(key)?.abort();
    this.files.delete(key);
    if (item.preview) URL.revokeObjectURL(item.preview);
    this.put(this.items.filter((one) => one.key !== key));
    // What can't be taken back now is erased after a day.
    if (item.ticket) void discard(item.ticket).catch(() => undefined);
  }

  /** They were attached: nothing of them is kept here. */
  clear() {
    this.forget();
    this.keeping.save([]);
  }

  /** Whatever they were for is gone. What is attached already can't be taken back by this; what is not, is erased. */
  forget() {
    for (const stop of this.stops.values()) stop.abort();
    this.files.clear();
    for (const { preview, ticket } of this.items) {
      if (preview) URL.revokeObjectURL(preview);
      if (ticket) void discard(ticket).catch(() => undefined);
    }
    this.items = [];
    for (const listener of this.listeners) listener();
  }

  private async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    for (;;) {
      const next = this.items.find(({ doing }) => doing === "queued" || doing === "checking");
      if (!next) break;
      const stop = new AbortController();
      this.stops.set(next.key, stop);
      await this.bring(next, stop.signal);
      this.stops.delete(next.key);
    }
    this.isRunning = false;
  }

  /** One file to its end, over lost connections; stops where it was removed. */
  private async bring(item: Item, signal: AbortSignal) {
    for (let lost = 0; !signal.aborted; lost++) {
      try {
        return await this.send(item.key, signal);
      } catch (error) {
        if (signal.aborted) return;
        const isGone = error instanceof ApiError && error.status === 404;
        if (isGone && this.files.has(item.key) && lost < 3) {
          // It has expired: the same file begins anew.
          this.change(item.key, { ticket: null, received: 0, state: "receiving" });
        } else if (
          isWorthRetrying(error) ||
          (error instanceof DOMException && error.name === "TimeoutError")
        ) {
          this.change(item.key, { doing: "paused" });
          await pause(Math.min(1_000 * 2 ** lost, 15_000), signal);
        } else {
          return this.change(item.key, { doing: isGone ? "lost" : "failed" });
        }
      }
    }
  }

  private async send(key: string, signal: AbortSignal) {
    const item = this.items.find((one) => one.key === key);
    if (!item) return;
    let { ticket } = item;
    if (!ticket) {
      this.change(key, { doing: "proving" });
      ticket = await this.begin(item, signal);
      this.change(key, { ticket });
    }
    const file = this.files.get(key);
    let upload: Upload;
    if (file) {
      this.change(key, { doing: "sending" });
      upload = await sendRest(
        ticket,
        file,
        (received) => this.change(key, { received, doing: "sending" }),
        signal,
      );
    } else {
      upload = await look(ticket, signal);
      if (upload.state === "receiving") return this.change(key, { doing: "lost", received: upload.received });
    }
    this.files.delete(key);
    for (let looks = 0; upload.state === "processing" && looks < LOOKS && !signal.aborted; looks++) {
      this.change(key, { state: upload.state, doing: "checking" });
      await pause(looks < 10 ? 500 : 2_000, signal);
      upload = await look(ticket, signal);
    }
    this.change(key, { state: upload.state, refusal: upload.refusal, doing: "done" });
  }
}

/** What of a file is worth keeping. */
function keptOf({ key, name, size, keepsOriginal, ticket, received, state, refusal }: Item): KeptUpload {
  return { key, name, size, keepsOriginal, ticket, received, state, refusal };
}

function doingOf(state: Upload["state"]): Doing {
  return state === "processing" ? "checking" : "done";
}

/** How files are named in the request that attaches them. */
export function claimsOf(uploads: readonly KeptUpload[]): Schemas["UploadClaim"][] {
  return uploads.flatMap((kept) => (kept.ticket && isAttachable(kept) ? [{ ...kept.ticket }] : []));
}

/** Files that are not there yet, and those that can't be taken: neither goes with a complaint unnoticed. */
export function whatHinders(uploads: readonly KeptUpload[]): "busy" | "bad" | null {
  if (uploads.some(({ state }) => state === "refused" || state === "infected")) return "bad";
  return uploads.every(isAttachable) ? null : "busy";
}
