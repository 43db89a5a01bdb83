import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { $api, type Schemas } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { addDays, isWeekend, today, weekday } from "../shared/due";
import { queueLink } from "../shared/filters";

const DAYS = 9;
const LIMIT = 100;

/** Midnight in Shanghai at the end of a day. */
const endOf = (day: string) => `${addDays(day, 1)}T00:00:00+08:00`;

/** Bars of the next days; a bar leads to the list of what is due until then. */
export function ComingDue() {
  const { t, i18n } = useLingui();
  const from = today();
  const days = Array.from({ length: DAYS }, (_, day) => addDays(from, day));
  const { data } = $api.useQuery("get", "/api/v1/complaints", {
    params: {
      query: {
        phase: ["on_time", "due_soon"],
        due_before: new Date(endOf(days.at(-1) ?? from)).toISOString(),
        sort: "due_at",
        limit: LIMIT,
      },
    },
  });
  if (!data || data.items.length === 0) return null;
  const counts = countByDay(data.items, Boolean(data.next_cursor));
  const most = Math.max(1, ...counts.values());
  const weekdays = [t`日`, t`一`, t`二`, t`三`, t`四`, t`五`, t`六`];
  return (
    <section>
      <h2>
        <Trans>接下来到期</Trans>
      </h2>
      <ul className="days">
        {days.map((day) => (
          <li key={day}>
            <Bar
              day={day}
              isToday={day === from}
              count={counts.get(day) ?? 0}
              most={most}
              weekday={weekdays[weekday(day)] ?? ""}
              label={formatWhen(day, i18n.locale)}
            />
          </li>
        ))}
      </ul>
      <p className="m xs">
        <Trans>点一天，看到那天为止要办完的。</Trans>
      </p>
    </section>
  );
}

function countByDay(items: Schemas["ComplaintSummary"][], isCut: boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { due_on } of items) if (due_on) counts.set(due_on, (counts.get(due_on) ?? 0) + 1);
  // The last day of a cut list may be counted in part: better no bar than a wrong one.
  const last = items.at(-1)?.due_on;
  if (isCut && last) counts.delete(last);
  return counts;
}

interface BarProps {
  day: string;
  isToday: boolean;
  count: number;
  most: number;
  weekday: string;
  label: string;
}

function Bar({ day, isToday, count, most, weekday: name, label }: BarProps) {
  const { t } = useLingui();
  const inside = (
    <>
      <span aria-hidden={count > 0}>{count > 0 && count}</span>
      <i style={{ height: count > 0 ? 8 + Math.round((count / most) * 48) : 1 }} />
      <span aria-hidden={count > 0}>{Number(day.slice(8))}</span>
      <span aria-hidden={count > 0}>{name}</span>
    </>
  );
  const look = `dy${isToday ? " td" : ""}${isWeekend(day) ? " off" : ""}`;
  if (count === 0) return <span className={look}>{inside}</span>;
  const to = queueLink(
    { phase: ["on_time", "due_soon"], due_before: new Date(endOf(day)).toISOString() },
    {},
    "due_at",
  );
  return (
    <Link className={look} to={to}>
      {inside}
      <span className="vh">{t`${label}到期${count}件`}</span>
    </Link>
  );
}
