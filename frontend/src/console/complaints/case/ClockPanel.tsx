import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { type CalendarDay, calendarRows, type Hold, holdsOf } from "../../../shared/dueCalendar";
import { formatDays, formatWhen } from "../../../shared/format";
import { DueChip } from "../../shared/DueChip";
import { today } from "../../shared/due";
import { Icon } from "../../shared/Icon";
import { useIsOff } from "../../shared/workdays";
import type { Case } from "./verbs";

type Due = Schemas["ComplaintDue"];

/** Until when, and how that date came about. */
export function ClockPanel({ complaint }: { complaint: Case }) {
  const { i18n } = useLingui();
  const { due, due_on } = complaint;
  const on = due?.due_on ?? due_on;
  return (
    <section className="panel" id="clock" aria-labelledby="clock-head">
      <div className="ph">
        <Icon name="clock" />
        <h2 id="clock-head">
          <Trans>办理时限</Trans>
        </h2>
        <span className="sp" />
        <DueChip item={complaint} />
      </div>
      <div className="pb">
        {on ? (
          <>
            <div className="dl">
              <b>{formatWhen(on, i18n.locale)}</b>
              {due && <Purpose clock={due.clock} />}
              {(due?.is_provisional ?? complaint.due_is_provisional) && (
                <span className="tag so">
                  <Trans>暂定</Trans>
                </span>
              )}
              {due && <Tags due={due} />}
            </div>
            {complaint.held_until && <Held until={complaint.held_until} />}
            {due && <HowComputed due={due} holds={holdsOf(complaint.timeline)} />}
            <Others dues={complaint.other_dues} />
          </>
        ) : (
          <p className="m">
            <NoClock complaint={complaint} />
          </p>
        )}
      </div>
    </section>
  );
}

function NoClock({ complaint }: { complaint: Case }) {
  if (complaint.kind === "praise") return <Trans>表扬不计办理时限。</Trans>;
  if (complaint.concluded_at || complaint.replied_at) return <Trans>已经答复，时限到此为止。</Trans>;
  return <Trans>这一件现在不计时限。</Trans>;
}

function Purpose({ clock }: { clock: Due["clock"] }) {
  const words = {
    tell: <Trans>前告诉投诉人受不受理</Trans>,
    decide: <Trans>前办结并答复</Trans>,
    inquiry: <Trans>前答复咨询</Trans>,
    suggestion: <Trans>前答复建议</Trans>,
    hotline: <Trans>前办结热线工单</Trans>,
    redo: <Trans>前重新答复</Trans>,
    supervision: <Trans>前按督办要求办结</Trans>,
    duplicate: <Trans>前答复，这是并入件的时限</Trans>,
  };
  return <span className="m">{words[clock]}</span>;
}

/** Why the date is not the one that the rule alone would give. */
function Tags({ due }: { due: Due }) {
  const { i18n } = useLingui();
  const counts = due.counts === "working_days" ? "working_days" : "calendar_days";
  const extended = formatDays(due.extended_by, counts, i18n.locale);
  const held = formatDays(due.held_days, "calendar_days", i18n.locale);
  return (
    <>
      {due.extended_by > 0 && (
        <span className="tag">
          <Trans>已延长{extended}</Trans>
        </span>
      )}
      {due.held_days > 0 && (
        <span className="tag">
          <Trans>暂停过{held}</Trans>
        </span>
      )}
    </>
  );
}

function Held({ until }: { until: string }) {
  const { i18n } = useLingui();
  const day = formatWhen(until, i18n.locale);
  return (
    <p className="tag so" style={{ marginTop: 8 }}>
      <Icon name="clock" small />
      <Trans>等投诉人补充，最迟到{day}；期限暂停</Trans>
    </p>
  );
}

function HowComputed({ due, holds }: CalendarProps) {
  const isCounted = due.counts !== "fixed_date";
  return (
    <details open>
      <summary>
        <Icon name="down" small />
        <Trans>这个日期怎么算的</Trans>
      </summary>
      {isCounted && <Calendar due={due} holds={holds} />}
      {isCounted && <Legend due={due} />}
      <p className={due.is_provisional ? "calc soon" : "calc"}>{due.explanation}</p>
      <Whose due={due} />
    </details>
  );
}

/** The case whose date binds this one. */
function Whose({ due }: { due: Due }) {
  if (!due.complaint) return null;
  return (
    <p className="xs">
      <Link to={`/complaints/${due.complaint.id}`}>
        {due.complaint.number} {due.complaint.title}
      </Link>
    </p>
  );
}

/** The clocks that run beside the one that binds. */
function Others({ dues }: { dues: readonly Due[] }) {
  const { i18n } = useLingui();
  if (dues.length === 0) return null;
  return (
    <section className="others" aria-labelledby="other-dues">
      <h3 className="lab2" id="other-dues">
        <Trans>同时在走的时限</Trans>
      </h3>
      <ul>
        {dues.map((due) => (
          <li key={due.clock}>
            <b>{formatWhen(due.due_on, i18n.locale)}</b> <Purpose clock={due.clock} />
            <p className="xs m">{due.explanation}</p>
            <Whose due={due} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CalendarProps {
  due: Due;
  holds: readonly Hold[];
}

function Calendar({ due, holds }: CalendarProps) {
  const { t } = useLingui();
  const rows = calendarRows(due, { today: today(), isOff: useIsOff(), holds });
  const heads = [t`一`, t`二`, t`三`, t`四`, t`五`, t`六`, t`日`];
  return (
    <div className="cal" aria-hidden="true">
      {heads.map((head) => (
        <span key={head}>{head}</span>
      ))}
      {rows.map((row) =>
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
  const words =
    day.kind === "start"
      ? t`起`
      : day.kind === "held"
        ? t`停`
        : day.kind === "end" && day.number === null
          ? t`止`
          : (day.number ?? "");
  return (
    <i className={`${day.kind}${day.isToday ? " td" : ""}`}>
      <b>{date === 1 ? `${month}/1` : date}</b>
      <em>{words}</em>
    </i>
  );
}

function Legend({ due }: { due: Due }) {
  return (
    <div className="lg xs" aria-hidden="true">
      <span>
        <i className="past" />
        <Trans>已过</Trans>
      </span>
      <span>
        <i className="future" />
        <Trans>未到</Trans>
      </span>
      {due.counts === "working_days" && (
        <span>
          <i className="off" />
          <Trans>不上班</Trans>
        </span>
      )}
      {due.held_days > 0 && (
        <span>
          <i className="held" />
          <Trans>暂停</Trans>
        </span>
      )}
      <span>
        <i className="end" />
        <Trans>到期</Trans>
      </span>
    </div>
  );
}
