import { useLingui } from "@lingui/react/macro";
import { formatWhen } from "../../../shared/format";

/** A day without its weekday, for narrow columns; the whole date is its title. */
export function ShortDay({ value }: { value: string }) {
  const { i18n } = useLingui();
  const full = formatWhen(value, i18n.locale);
  const short = i18n.locale === "en" ? full.replace(/^\w+ /, "") : full.replace(/\(.*\)/, "");
  return (
    <time dateTime={value} title={full}>
      {short}
    </time>
  );
}
