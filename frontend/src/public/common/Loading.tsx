import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";

/** Grey lines where text will stand. It appears after a moment, so that a fast answer does not flicker. */
export function Loading({ lines = 3 }: { lines?: number }) {
  const { t } = useLingui();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={isSlow ? "loading" : "loading hidden"} role="status">
      <span className="sr">{t`正在打开`}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move.
        <i key={line} />
      ))}
    </div>
  );
}
