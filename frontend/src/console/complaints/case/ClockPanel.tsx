import { Trans, useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../../api/client";
import { formatDays, formatWhen } from "../../../shared/format";
import { DueChip } from "../../shared/DueChip";
import { today } from "../../shared/due";
import { Icon } from "../../shared/Icon";
import { type CalendarDay, calendarRows } from "./calendar";
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
            </div>
            {due && <HowComputed due={due} />}
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
  };
  return <span className="m">{words[clock]}</span>;
}

function HowComputed({ due }: { due: Due }) {
  const { i18n } = useLingui();
  return (
    <details open>
      <summary>
        <Icon name="down" small />
        <Trans>这个日期怎么算的</Trans>
      </summary>
      <Calendar due={due} />
      <Legend due={due} />
      <ul className="calc">
        <Sentences due={due} locale={i18n.locale} />
      </ul>
    </details>
  );
}

function Sentences({ due, locale }: { due: Due; locale: string }) {
  const start = formatWhen(due.starts_on, locale);
  const length = formatDays(due.days, due.counts, locale);
  const end = formatWhen(due.due_on, locale);
  const year = due.due_on.slice(0, 4);
  return (
    <>
      <li>
        {due.clock === "decide" ? (
          <Trans>{start}受理，当天不算。</Trans>
        ) : (
          <Trans>{start}收到，当天不算。</Trans>
        )}
      </li>
      <li>
        <Trans>
          从第二天起数{length}，到{end}。
        </Trans>
      </li>
      {due.rolled_forward && (
        <li>
          <Trans>数满的那天不上班，顺延到下一个工作日。</Trans>
        </li>
      )}
      {due.counts === "working_days" && (
        <li>
          <Trans>工作日按国务院公布的放假和调休安排数。</Trans>
        </li>
      )}
      {due.is_provisional && (
        <li className="soon">
          <Trans>{year}年的放假安排还没有公布，先按周末推算；公布后重算，不会早于已告诉投诉人的日期。</Trans>
        </li>
      )}
      <li>
        <Source clock={due.clock} />
      </li>
    </>
  );
}

function Source({ clock }: { clock: Due["clock"] }) {
  if (clock === "tell") return <Trans>依据：《信访工作条例》第二十二、二十三条。</Trans>;
  if (clock === "decide") return <Trans>依据：《信访工作条例》第三十四条。</Trans>;
  return <Trans>依据：本地区的办理规定。</Trans>;
}

function Calendar({ due }: { due: Due }) {
  const { t } = useLingui();
  const rows = calendarRows(due, today());
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
    day.kind === "start" ? t`起` : day.kind === "end" && day.number === null ? t`止` : (day.number ?? "");
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
          <Trans>周末</Trans>
        </span>
      )}
      <span>
        <i className="end" />
        <Trans>到期</Trans>
      </span>
    </div>
  );
}
