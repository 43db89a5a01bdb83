import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatNumber, percentOf } from "../../shared/format";
import type { Filters } from "../shared/filters";
import { counted, listLink } from "./links";

interface FiguresProps {
  figures: Schemas["ComplaintStatistics"];
  filters: Filters;
}

const shareOf = (part: number, whole: number) => (whole > 0 ? `${percentOf(part, whole)}%` : "—");

/** Each number leads to the list that it counts; a median, which counts none, to the cases that it is of. */
export function Figures({ figures, filters }: FiguresProps) {
  const { t, i18n } = useLingui();
  const { total, replied, ended, overdue, rated, satisfied, redone } = figures;
  const number = (value: number) => formatNumber(value, i18n.locale);
  const list = (plus: Filters, count: number) => (count > 0 ? listLink(filters, plus) : undefined);
  const authors = figures.distinct_authors;
  return (
    <div className="kp">
      <Figure
        label={t`收到`}
        to={list({}, total)}
        value={number(total)}
        note={
          authors === null ? (
            <Trans>导入的很多，全县按整年或全部看才数来自多少人</Trans>
          ) : (
            authors > 0 && <Trans>导入的来自约{number(authors)}人</Trans>
          )
        }
      />
      <Figure
        label={t`已答复`}
        to={list(counted.replied, replied)}
        value={number(replied)}
        note={<Trans>占{shareOf(replied, total)}</Trans>}
      />
      <Figure
        label={t`已办结`}
        to={list(counted.ended, ended)}
        value={number(ended)}
        note={<Trans>占{shareOf(ended, total)}，含不受理、撤回</Trans>}
      />
      <Figure
        label={t`现超期`}
        to={list(counted.overdue, overdue)}
        value={number(overdue)}
        isBad={overdue > 0}
        note={<Trans>占{shareOf(overdue, total)}</Trans>}
      />
      <Figure
        label={t`满意率`}
        to={list(counted.satisfied, satisfied)}
        value={shareOf(satisfied, rated)}
        note={
          <Trans>
            满意{number(satisfied)}件，评价{number(rated)}件
          </Trans>
        }
      />
      <Times figures={figures} filters={filters} />
      <Figure
        label={t`重办率`}
        to={list(counted.redone, redone)}
        value={shareOf(redone, replied)}
        note={<Trans>换人重办{number(redone)}件</Trans>}
      />
    </div>
  );
}

/** How long the answers took. */
function Times({ figures, filters }: FiguresProps) {
  const { t, i18n } = useLingui();
  const { replied, over_15_days, over_60_days } = figures;
  const { median_days_to_reply: median, p90_days_to_reply: p90 } = figures;
  const number = (value: number) => formatNumber(value, i18n.locale);
  const inDays = (value: number | null) => {
    if (value === null) return "—";
    const days = t`${number(value)}天`;
    return figures.is_approximate ? t`约${days}` : days;
  };
  const list = (plus: Filters, count: number) => (count > 0 ? listLink(filters, plus) : undefined);
  return (
    <>
      <Figure
        label={t`答复用时（中位数）`}
        to={list(counted.replied, replied)}
        value={inDays(median)}
        note={<Trans>一半比它快；按{number(replied)}件已答复的算</Trans>}
      />
      <Figure
        label={t`九成用时`}
        to={p90 === null ? undefined : list({ days_to_reply_over: p90 }, replied)}
        value={inDays(p90)}
        note={t`九成在这么多天内，点开看最慢的一成`}
      />
      <Figure
        label={t`超过15天才答复`}
        to={list(counted.over15, over_15_days)}
        value={shareOf(over_15_days, replied)}
        note={<Trans>已答复的里{number(over_15_days)}件</Trans>}
      />
      <Figure
        label={t`超过60天才答复`}
        to={list(counted.over60, over_60_days)}
        value={shareOf(over_60_days, replied)}
        isBad={over_60_days > 0}
        note={<Trans>{number(over_60_days)}件，法定上限60天</Trans>}
      />
    </>
  );
}

interface FigureProps {
  label: string;
  value: string;
  to?: string;
  note?: ReactNode;
  isBad?: boolean;
}

function Figure({ label, value, to, note, isBad }: FigureProps) {
  const inside = (
    <>
      <span className="m">{label}</span>
      <b className={`${to ? "fig" : ""} ${isBad ? "late" : ""}`}>{value}</b>
      {note && <span className="m xs">{note}</span>}
    </>
  );
  return to ? <Link to={to}>{inside}</Link> : <div>{inside}</div>;
}
