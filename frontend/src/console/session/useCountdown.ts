import { useEffect, useState } from "react";

/** Seconds that are left of a wait, counting down; `start` again with each new refusal. */
export function useCountdown() {
  const [left, setLeft] = useState(0);
  const isRunning = left > 0;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return { left, start: setLeft };
}
