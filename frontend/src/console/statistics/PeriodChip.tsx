import { useLingui } from "@lingui/react/macro";
import { formatMonth } from "../../shared/format";
import { PanelChip } from "../shared/Chip";
import { today } from "../shared/due";
import type { Filters } from "../shared/filters";
import { daysOf } from "./links";
import { type PageState, withoutDays } from "./page";
import { PERIODS, type Period, periodFilters, wholeOf } from "./period";
import type { ChangePage } from "./useStatistics";

interface PeriodChipProps {
  page: PageState;
  onChange: ChangePage;
}

/** When the cases came in: first of all, since every figure hangs on it. */
export function PeriodChip({ page, onChange }: PeriodChipProps) {
  const { t } = useLingui();
  const names = usePeriodNames();
  const shown = usePeriodName(page);
  const set = (days: Filters) =>
    onChange({ period: undefined, filters: { ...withoutDays(page.filters), ...days } });
  return (
    <PanelChip
      label={t`收到`}
      none={t`全部时间`}
      shown={page.period === "all" ? "" : shown}
      onClear={() => onChange({ period: "all" })}
    >
      {(close) => (
        <div style={{ display: "grid", gap: 12 }}>
          <div className="choices">
            {PERIODS.map((period) => (
              <button
                key={period}
                type="button"
                className="btn"
                aria-pressed={page.period === period}
                onClick={() => {
                  onChange({ period });
                  close();
                }}
              >
                {names[period]}
              </button>
            ))}
          </div>
          <MonthChoice page={page} onChange={set} />
          <DaysChoice filters={page.filters} onChange={set} />
        </div>
      )}
    </PanelChip>
  );
}

interface ChoiceProps {
  onChange: (days: Filters) => void;
}

const YEARS = 15;

/** A year, or one of its months. */
function MonthChoice({ page, onChange }: ChoiceProps & { page: PageState }) {
  const { t, i18n } = useLingui();
  const now = Number(today().slice(0, 4));
  const whole = wholeOf(page.period ? periodFilters(page.period, today()) : page.filters);
  const year = whole?.slice(0, 4) ?? "";
  const month = whole?.slice(5) ?? "";
  const years = Array.from({ length: YEARS }, (_, before) => String(now - before));
  const months = Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, "0"));
  function pick(nextYear: string, nextMonth: string) {
    if (!nextYear) return;
    if (!nextMonth) return onChange({ year: Number(nextYear) });
    const [received_from, received_to] = daysOf(`${nextYear}-${nextMonth}`);
    onChange({ received_from, received_to });
  }
  return (
    <div className="row">
      <select
        className="inp"
        aria-label={t`年份`}
        value={years.includes(year) ? year : ""}
        onChange={(event) => pick(event.target.value, month)}
      >
        <option value="">{t`选年份`}</option>
        {years.map((one) => (
          <option key={one} value={one}>
            {t`${one}年`}
          </option>
        ))}
      </select>
      <select
        className="inp"
        aria-label={t`月份`}
        value={month}
        disabled={!year}
        onChange={(event) => pick(year, event.target.value)}
      >
        <option value="">{t`全年`}</option>
        {months.map((one) => (
          <option key={one} value={one}>
            {formatMonth(`${year}-${one}`, i18n.locale)}
          </option>
        ))}
      </select>
    </div>
  );
}

function DaysChoice({ filters, onChange }: ChoiceProps & { filters: Filters }) {
  const { t } = useLingui();
  const { received_from, received_to } = filters;
  return (
    <div style={{ display: "grid", gap: 8 }}>
      <label className="row">
        <span className="m" style={{ minWidth: 32 }}>{t`从`}</span>
        <input
          type="date"
          className="inp"
          value={received_from ?? ""}
          onChange={(event) => onChange({ received_from: event.target.value || undefined, received_to })}
        />
      </label>
      <label className="row">
        <span className="m" style={{ minWidth: 32 }}>{t`到`}</span>
        <input
          type="date"
          className="inp"
          value={received_to ?? ""}
          onChange={(event) => onChange({ received_from, received_to: event.target.value || undefined })}
        />
      </label>
    </div>
  );
}

function usePeriodNames(): Record<Period, string> {
  const { t } = useLingui();
  return { this_year: t`今年`, last_year: t`去年`, "12_months": t`近12个月`, all: t`全部时间` };
}

function usePeriodName({ period, filters }: PageState): string {
  const { t, i18n } = useLingui();
  const names = usePeriodNames();
  if (period) return names[period];
  const whole = wholeOf(filters);
  if (whole) {
    const year = whole.slice(0, 4);
    const month = whole.length > 4 ? formatMonth(whole, i18n.locale) : "";
    return month ? t`${year}年${month}` : t`${year}年`;
  }
  const { received_from: from, received_to: to } = filters;
  return from && to ? t`${from}至${to}` : from ? t`${from}起` : t`到${to}`;
}
