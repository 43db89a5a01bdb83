import { BATCH, type Challenge } from "./challenge";
import { tryBatch } from "./solve";

export type WorkerReport = { tried: number } | { number: number } | { failed: true };

/** Searches in a thread of its own, so that the page stays quick under the fingers. */
self.addEventListener("message", ({ data }: MessageEvent<Challenge>) => {
  for (let from = 0; from <= data.maxnumber; from += BATCH) {
    const number = tryBatch(data, from);
    if (number !== null) {
      self.postMessage({ number } satisfies WorkerReport);
      return;
    }
    self.postMessage({ tried: from + BATCH } satisfies WorkerReport);
  }
  self.postMessage({ failed: true } satisfies WorkerReport);
});
