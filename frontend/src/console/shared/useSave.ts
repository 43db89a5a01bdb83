import { useState } from "react";
import { ApiError } from "../../api/problem";
import { useOnce } from "./useOnce";

/** A save that can be refused: what was typed stays, and what was wrong is known. */
export function useSave() {
  const { isBusy, once } = useOnce();
  const [error, setError] = useState<unknown>(null);
  async function save(work: () => Promise<void>) {
    await once(async () => {
      setError(null);
      try {
        await work();
      } catch (refusal) {
        setError(refusal);
      }
    });
  }
  /** What was refused no longer stands in the way: somebody went and looked. */
  const forget = () => setError(null);
  return {
    isBusy,
    error,
    save,
    forget,
    isStale: error instanceof ApiError && error.code === "stale_version",
  };
}
