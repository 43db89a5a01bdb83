import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../../api/problem";
import { prove } from "./prove";

/** A challenge serves for half an hour; one that has lain longer than this is solved anew before it is used. */
const FRESH_MS = 20 * 60_000;

interface Pending {
  solution: Promise<string>;
  since: number;
}

/**
 * Proof of work for the requests of one form. `prepare` starts it before it is needed, `withProof` uses it, and solves
 * another one where the server says that this one has been used or is too old. `earlier` is the proof of a request that got
 * no answer: sent again, it is the same request.
 */
export function useProof() {
  const [progress, setProgress] = useState<number | null>(null);
  const pending = useRef<Pending | null>(null);
  const stop = useRef(new AbortController());

  useEffect(() => {
    stop.current = new AbortController();
    return () => {
      stop.current.abort();
      pending.current = null;
    };
  }, []);

  const start = useCallback((): Promise<string> => {
    setProgress(0);
    const solution = prove(setProgress, stop.current.signal).finally(() => setProgress(null));
    const mine = { solution, since: Date.now() };
    pending.current = mine;
    // A failure is told where the solution is used; here only the next try is made a new one.
    solution.catch(() => {
      if (pending.current === mine) pending.current = null;
    });
    return solution;
  }, []);

  const prepare = useCallback(() => {
    if (!pending.current) void start().catch(() => undefined);
  }, [start]);

  const take = useCallback((): Promise<string> => {
    const ready = pending.current;
    const solution = ready && Date.now() - ready.since < FRESH_MS ? ready.solution : start();
    return solution.finally(() => {
      pending.current = null;
    });
  }, [start]);

  const withProof = useCallback(
    async <Result>(
      send: (altcha: string) => Promise<Result>,
      earlier: string | null = null,
    ): Promise<Result> => {
      try {
        return await send(earlier ?? (await take()));
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "challenge_failed") throw error;
        return send(await start().finally(() => (pending.current = null)));
      }
    },
    [take, start],
  );

  return { prepare, withProof, progress };
}
