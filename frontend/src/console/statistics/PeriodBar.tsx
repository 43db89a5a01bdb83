import { useLingui } from "@lingui/react/macro";
import type { Filters } from "../shared/filters";
import { type PeriodName, periodFilters, periodName, withoutPeriod } from "./period";

interface PeriodBarProps {
  filters: Filters;
  apply: (filters: Filters) => unknown;
}

/** When the cases were received: the first thing that somebody asks of figures. */
export function PeriodBar({ filters, apply }: PeriodBarProps) {
  const { t } = useLingui();
  const chosen = periodName(filters);
  const words: [PeriodName, string][] = [
    ["year", t`今年`],
    ["last_year", t`去年`],
    ["twelve_months", t`近12个月`],
    ["ever", t`全部年份`],
  ];
  return (
    <fieldset className="seg">
      <legend className="vh">{t`收到的时间`}</legend>
      {words.map(([name, word]) => (
        <button
          type="button"
          key={name}
          aria-pressed={chosen === name}
          onClick={() => apply({ ...withoutPeriod(filters), ...periodFilters(name) })}
        >
          {word}
        </button>
      ))}
    </fieldset>
  );
}
