import { useLingui } from "@lingui/react";
import { type DayCount, formatDays, formatWhen } from "./format";

/** A day or a moment that never breaks over two lines. */
export function When({ value }: { value: string }) {
  const { i18n } = useLingui();
  return (
    <time className="nb" dateTime={value}>
      {formatWhen(value, i18n.locale)}
    </time>
  );
}

/** A number of days that never breaks over two lines. */
export function Days({ count, counts = "calendar_days" }: { count: number; counts?: DayCount }) {
  const { i18n } = useLingui();
  return <span className="nb">{formatDays(count, counts, i18n.locale)}</span>;
}
