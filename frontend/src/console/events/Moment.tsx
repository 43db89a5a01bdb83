import { useLingui } from "@lingui/react/macro";
import { formatWhen } from "../../shared/format";
import type { LogEvent } from "./useLog";

/** When something happened; of what a complainant did the day alone is known. */
export function Moment({ event }: { event: LogEvent }) {
  const { t, i18n } = useLingui();
  const value = event.at ?? event.on;
  return (
    <time className="nb" dateTime={value} title={event.at ? undefined : t`公众做的事只记日期，不记几点`}>
      {formatWhen(value, i18n.locale)}
    </time>
  );
}
