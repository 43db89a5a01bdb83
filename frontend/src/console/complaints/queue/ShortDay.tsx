import { useLingui } from "@lingui/react/macro";
import { formatWhen } from "../../../shared/format";
import { daysBetween, today } from "../../shared/due";

/** A day this near is meant without its year. */
const NEAR = 180;

/** A day without its weekday, for narrow columns; the whole date is its title. */
export function ShortDay({ value }: { value: string }) {
  const { i18n } = useLingui();
  const full = formatWhen(value, i18n.locale);
  const ahead = daysBetween(today(), value.slice(0, 10));
  const day = ahead >= 0 && ahead <= NEAR ? formatWhen(value, i18n.locale, new Date(value)) : full;
  const short = i18n.locale === "en" ? day.replace(/^\w+ /, "") : day.replace(/\(.*\)/, "");
  return (
    <time dateTime={value} title={full}>
      {short}
    </time>
  );
}
