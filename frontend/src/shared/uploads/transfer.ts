import { api, type Schemas } from "../../api/client";
import { ApiError } from "../../api/problem";

export type Upload = Schemas["Upload"];

/** Small enough that little is lost with a connection, and that a slow phone sends one in time. */
const PIECE = 128 * 1024;
const PIECE_PATIENCE_MS = 60_000;

export interface Ticket {
  id: string;
  token: string;
}

interface Announced {
  name: string;
  size: number;
  keepsOriginal: boolean;
  /** The Idempotency-Key: whose answer got lost gets the same file again. */
  key: string;
}

const opened = (token: string) => ({ "Upload-Token": token });

/** Announces a file: how, depends on who sends it. */
export type Begin = (file: Announced, signal: AbortSignal) => Promise<Ticket>;

export async function look({ id, token }: Ticket, signal: AbortSignal): Promise<Upload> {
  const { data } = await api.GET("/api/v1/public/uploads/{upload_id}", {
    params: { path: { upload_id: id }, header: opened(token) },
    signal,
    cache: "no-store",
  });
  if (!data) throw new Error("an answer without a file");
  return data;
}

export async function discard({ id, token }: Ticket): Promise<void> {
  await api.POST("/api/v1/public/uploads/{upload_id}/discard", {
    params: { path: { upload_id: id }, header: opened(token) },
  });
}

/** A signal that also ends what takes too long; `AbortSignal.any` is too new for many phones. */
function inTime(signal: AbortSignal): AbortSignal {
  const both = new AbortController();
  const timer = setTimeout(() => both.abort(new DOMException("too slow", "TimeoutError")), PIECE_PATIENCE_MS);
  const stop = () => {
    clearTimeout(timer);
    both.abort(signal.reason);
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return both.signal;
}

async function sendPiece(
  { id, token }: Ticket,
  offset: number,
  piece: Blob,
  signal: AbortSignal,
): Promise<Upload> {
  const { data } = await api.POST("/api/v1/public/uploads/{upload_id}/pieces", {
    params: { path: { upload_id: id }, header: { ...opened(token), "Upload-Offset": offset } },
    headers: { "Content-Type": "application/offset+octet-stream" },
    // As it is: the generated type of a binary body is a string.
    body: piece as unknown as string,
    bodySerializer: (body) => body,
    signal: inTime(signal),
  });
  if (!data) throw new Error("an answer without a file");
  return data;
}

/** Sends what is missing of a file, from wherever the server says that it ends so far. */
export async function sendRest(
  ticket: Ticket,
  file: Blob,
  onProgress: (received: number) => void,
  signal: AbortSignal,
): Promise<Upload> {
  let upload = await look(ticket, signal);
  while (upload.state === "receiving") {
    onProgress(upload.received);
    const piece = file.slice(upload.received, upload.received + PIECE);
    try {
      upload = await sendPiece(ticket, upload.received, piece, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "upload_offset") throw error;
      // A piece whose answer got lost had arrived.
      upload = await look(ticket, signal);
    }
  }
  onProgress(upload.received);
  return upload;
}
