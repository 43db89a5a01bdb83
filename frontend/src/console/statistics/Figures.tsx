import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatNumber, percentOf } from "../../shared/format";
import { type Filters, queueLink } from "../shared/filters";

interface FiguresProps {
  figures: Schemas["ComplaintStatistics"];
  filters: Filters;
}

/** Each number leads to the list that it counts. A median counts no list, so it leads nowhere. */
export function Figures({ figures, filters }: FiguresProps) {
  const { t, i18n } = useLingui();
  const number = (value: number) => formatNumber(value, i18n.locale);
  const days = (value: number | null) => (value === null ? "—" : t`${number(value)}天`);
  const list = (plus: Filters) => queueLink(filters, plus);
  const over15 = number(figures.over_15_days);
  const satisfied = figures.rated > 0 ? `${percentOf(figures.satisfied, figures.rated)}%` : "—";
  return (
    <div className="kp">
      <Figure
        label={t`收到`}
        to={list({})}
        value={number(figures.total)}
        note={figures.distinct_authors > 0 && <Trans>来自约{number(figures.distinct_authors)}人</Trans>}
      />
      <Figure
        label={t`已答复`}
        to={list({ replied_from: "1990-01-01" })}
        value={number(figures.replied)}
        note={figures.total > 0 ? <Trans>占{percentOf(figures.replied, figures.total)}%</Trans> : null}
      />
      <Figure
        label={t`答复用时（中位数）`}
        value={days(figures.median_days_to_reply)}
        note={<Trans>九成在{days(figures.p90_days_to_reply)}内</Trans>}
      />
      <Figure
        label={t`超过15天才答复`}
        to={list({ days_to_reply_over: 15 })}
        value={over15}
        note={
          figures.replied > 0 ? (
            <Trans>占已答复{percentOf(figures.over_15_days, figures.replied)}%</Trans>
          ) : null
        }
      />
      <Figure
        label={t`超过60天才答复`}
        to={list({ days_to_reply_over: 60 })}
        value={number(figures.over_60_days)}
        isBad={figures.over_60_days > 0}
        note={t`法定上限60天`}
      />
      <Figure
        label={t`满意`}
        to={figures.rated > figures.satisfied ? list({ is_rated_unsatisfied: true }) : undefined}
        value={satisfied}
        note={
          <Trans>
            评价{number(figures.rated)}件，不满意{number(figures.rated - figures.satisfied)}件
          </Trans>
        }
      />
    </div>
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
