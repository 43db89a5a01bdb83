import { api } from "../../../api/client";
import { BATCH, type Challenge, encodeSolution } from "./challenge";
import type { WorkerReport } from "./worker";
import SolverWorker from "./worker?worker";

export type OnProgress = (part: number) => void;

/** The proof was asked for by a page that has gone since. */
export class Abandoned extends Error {
  override name = "Abandoned";
}

/** Fetches a challenge and solves it. The answer serves one request. */
export async function prove(onProgress: OnProgress, signal: AbortSignal): Promise<string> {
  const { data } = await api.GET("/api/v1/public/challenge", { signal, cache: "no-store" });
  if (!data) throw new Error("an answer without a challenge");
  const number = await search(data, onProgress, signal);
  return encodeSolution(data, number);
}

function search(challenge: Challenge, onProgress: OnProgress, signal: AbortSignal): Promise<number> {
  let worker: Worker;
  try {
    worker = new SolverWorker();
  } catch {
    // Some embedded browsers have no workers.
    return searchHere(challenge, onProgress, signal);
  }
  return new Promise<number>((resolve, reject) => {
    const end = (settle: () => void) => {
      worker.terminate();
      settle();
    };
    signal.addEventListener("abort", () => end(() => reject(new Abandoned())), { once: true });
    worker.addEventListener("error", () => end(() => resolve(searchHere(challenge, onProgress, signal))));
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerReport>) => {
      if ("number" in data) end(() => resolve(data.number));
      else if ("failed" in data) end(() => reject(new Error("a challenge without an answer")));
      else onProgress(Math.min(data.tried / challenge.maxnumber, 1));
    });
    worker.postMessage(challenge);
  });
}

/** The same search on the page's own thread, with pauses in which the page can answer. Few ever download it. */
async function searchHere(
  challenge: Challenge,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<number> {
  const { tryBatch } = await import("./solve");
  for (let from = 0; from <= challenge.maxnumber; from += BATCH) {
    if (signal.aborted) throw new Abandoned();
    const number = tryBatch(challenge, from);
    if (number !== null) return number;
    onProgress(Math.min((from + BATCH) / challenge.maxnumber, 1));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  throw new Error("a challenge without an answer");
}
