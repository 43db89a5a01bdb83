import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Schemas } from "../../../api/client";
import { isWeekend, today } from "../../../shared/days";
import {
  type CalendarDay,
  type Counting,
  calendarRows,
  countDays,
  holdsOf,
} from "../../../shared/dueCalendar";
import { formatDays } from "../../../shared/format";
import { When } from "../../../shared/When";
import { Fold } from "../../common/Fold";

type Due = Schemas["ComputedDue"];

interface Props {
  due: Due;
  timeline: Schemas["TrackedComplaint"]["timeline"];
}

/** A date is believed when it can be counted: from when, how many days, what did not count, and each day in its place. */
export function HowComputed({ due, timeline }: Props) {
  // The public pages have no calendar of holidays. Where one stands in between, the count does not come to the date, and
  // the lines alone are shown.
  const counting = { today: today(), isOff: isWeekend, holds: holdsOf(timeline) };
  const isCounted = due.counts !== "fixed_date";
  return (
    <Fold className="calc" label={<Trans>这个日期怎么算的</Trans>}>
      <div className="in-calc">
        {isCounted && <Lines due={due} />}
        {isCounted && countDays(due, counting) && <Calendar due={due} counting={counting} />}
        <p className="small">{due.explanation}</p>
      </div>
    </Fold>
  );
}

function Lines({ due }: { due: Due }) {
  const { i18n } = useLingui();
  const counts = due.counts === "working_days" ? "working_days" : "calendar_days";
  const days = formatDays(due.days, counts, i18n.locale);
  const more = formatDays(due.extended_by, counts, i18n.locale);
  const held = formatDays(due.held_days, "calendar_days", i18n.locale);
  const start = <When value={due.starts_on} />;
  const end = <When value={due.due_on} />;
  return (
    <dl className="lines">
      <Line label={<Trans>从哪天算</Trans>}>
        <Trans>{start}，当天不算</Trans>
      </Line>
      <Line label={<Trans>多少天</Trans>}>
        {counts === "working_days" ? (
          <Trans>{days}，周末和放假不算</Trans>
        ) : (
          <Trans>{days}，周末也算在内</Trans>
        )}
      </Line>
      {due.extended_by > 0 && (
        <Line label={<Trans>延长</Trans>}>
          <Trans>{more}，已经告诉您理由</Trans>
        </Line>
      )}
      {due.held_days > 0 && (
        <Line label={<Trans>不算的</Trans>}>
          <Trans>等您补充的{held}</Trans>
        </Line>
      )}
      <Line label={<Trans>算到</Trans>}>
        {end}
        {due.rolled_forward && <Trans>；最后一天不上班，顺延到这天</Trans>}
        {due.is_kept_as_told && <Trans>；已经告诉过您这天，不提前</Trans>}
      </Line>
    </dl>
  );
}

function Line({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Decoration for those who can't see it: the lines say the same. */
function Calendar({ due, counting }: { due: Due; counting: Counting }) {
  const { t } = useLingui();
  const heads = [t`一`, t`二`, t`三`, t`四`, t`五`, t`六`, t`日`];
  return (
    <div className="cal" aria-hidden="true">
      {heads.map((head) => (
        <span key={head}>{head}</span>
      ))}
      {calendarRows(due, counting).map((row) =>
        "weeks" in row ? (
          <span key={row.key} className="gap">
            <Trans>中间{row.weeks}周</Trans>
          </span>
        ) : (
          row.days.map((day) => <Day key={day.day} day={day} />)
        ),
      )}
    </div>
  );
}

function Day({ day }: { day: CalendarDay }) {
  const { t } = useLingui();
  const [month, date] = [Number(day.day.slice(5, 7)), Number(day.day.slice(8))];
  const words = { start: t`起`, held: t`停`, end: day.number ?? t`止` };
  return (
    <span className={`${day.kind}${day.isToday ? " today" : ""}`}>
      <b>{date === 1 ? `${month}/1` : date}</b>
      <small>{day.kind in words ? words[day.kind as keyof typeof words] : day.number}</small>
    </span>
  );
}
