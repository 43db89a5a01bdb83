import { Trans, useLingui } from "@lingui/react/macro";
import { useDeferredValue, useState } from "react";
import { Link } from "react-router";
import { formatNumber, percentOf } from "../../shared/format";
import type { Filters } from "../shared/filters";
import { Icon } from "../shared/Icon";
import { useMedia } from "../shared/useMedia";
import { CompareCards } from "./CompareCards";
import { CompareTable } from "./CompareTable";
import { listLink } from "./links";
import { type CaseFigures, FEW, isOfFew, type Measure, measures, readSort, sortRows } from "./measures";

export interface Row {
  key: string;
  name: string;
  figures: CaseFigures;
  /** What narrows the list down to this row. */
  plus: Filters;
  /** Looks inside: at what is below this row. */
  onInside?: () => void;
}

export interface CompareProps {
  /** What a row is: a category, a unit. */
  heading: string;
  rows: Row[];
  /** All rows together: what one row is compared with. */
  all: Row;
  filters: Filters;
  by: string;
  onSort: (by: string) => void;
}

/** Fewer rows than these need no box to find one. */
const FIND_FROM = 12;
const SHOWN_AT_FIRST = 30;

/** Rows side by side, sorted by what one asks about, the worst first; all together stand above them. */
export function Compare({ rows, ...props }: CompareProps) {
  const { t, i18n } = useLingui();
  // Paper is narrow, too, but holds the table.
  const isPhone = useMedia("screen and (max-width: 767px)");
  const [typed, setTyped] = useState("");
  const [isAll, setAll] = useState(false);
  const words = useDeferredValue(typed.trim().toLowerCase());
  const found = sortRows(rows, props.by, i18n.locale).filter(({ name }) =>
    name.toLowerCase().includes(words),
  );
  const shown = isAll ? found : found.slice(0, SHOWN_AT_FIRST);
  const Face = isPhone ? CompareCards : CompareTable;
  const count = formatNumber(found.length, i18n.locale);
  return (
    <>
      {rows.length >= FIND_FROM && (
        <div className="fin noprint" style={{ marginTop: 10 }}>
          <Icon name="search" small />
          <input
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            aria-label={t`在${props.heading}里找`}
            placeholder={t`在${props.heading}里找`}
            maxLength={100}
          />
        </div>
      )}
      <Face {...props} rows={shown} />
      {found.length === 0 && (
        <p className="m" role="status" style={{ padding: "16px 10px" }}>
          <Trans>没有叫这个名字的。</Trans>
        </p>
      )}
      {shown.length < found.length && (
        <p style={{ paddingTop: 10 }} className="noprint">
          <button type="button" className="btn" onClick={() => setAll(true)}>
            <Trans>显示全部{count}行</Trans>
          </button>
        </p>
      )}
      <Hints rows={rows} hasLine={!isPhone && isLined(props.by)} />
    </>
  );
}

/** Whether the bars are of days or shares: then a line in them shows all together. */
function isLined(by: string): boolean {
  const { measure } = readSort(by);
  return measure !== undefined && measure.unit !== "cases";
}

function Hints({ rows, hasLine }: { rows: Row[]; hasLine: boolean }) {
  const hasFew = rows.some(({ figures }) =>
    measures.some((measure) => measure.value(figures) !== null && isOfFew(measure, figures)),
  );
  const isNear = rows.some(({ figures }) => figures.is_approximate);
  return (
    <div className="m xs hints">
      <p>
        <Trans>
          中位数：一半比它快，一半比它慢。九成用时：九成在这么多天内。超15天、超60天、重办占已答复的，满意占已评价的。
        </Trans>
      </p>
      {hasLine && (
        <p className="drawn noprint">
          <Trans>条形按所排的一列画，虚线是合计。</Trans>
        </p>
      )}
      {hasFew && (
        <p>
          <Trans>灰色的不足{FEW}件，说明不了什么，排序时放在后面。</Trans>
        </p>
      )}
      {isNear && (
        <p>
          <Trans>“约”是近似值：件数很多，用时按区间数，最多差1.6%。</Trans>
        </p>
      )}
    </div>
  );
}

interface CellProps {
  measure: Measure;
  row: Row;
  filters: Filters;
}

/** A number that opens its list. Of a share the number of cases comes first: it is what the list counts. */
export function Cell({ measure, row, filters }: CellProps) {
  const { t, i18n } = useLingui();
  const { figures } = row;
  const number = (value: number) => formatNumber(value, i18n.locale);
  const value = measure.value(figures);
  const look = isOfFew(measure, figures) ? "m" : "";
  if (measure.unit === "days") {
    const days = value === null ? "—" : t({ message: `${number(value)}天`, context: "short" });
    return <span className={look}>{value !== null && figures.is_approximate ? t`约${days}` : days}</span>;
  }
  if (value === null) return <span className="m">—</span>;
  const cases = measure.cases?.(figures) ?? value;
  const isBad = measure.id === "overdue" || measure.id === "over60";
  return (
    <>
      {cases > 0 && measure.list ? (
        <Link className={`fig ${isBad ? "late" : look}`} to={listLink(filters, row.plus, measure.list)}>
          {number(cases)}
        </Link>
      ) : (
        <span className="m">{number(cases)}</span>
      )}
      {measure.unit === "share" && (
        // None of something bad needs no share; none who are satisfied does.
        <span className={`share ${look}`}>
          {cases > 0 || measure.isLowBad ? `${percentOf(value, 1)}%` : ""}
        </span>
      )}
    </>
  );
}

/** The name of a row opens its list; beside it, where there is something below it, the way inside. */
export function RowName({ row, filters }: { row: Row; filters: Filters }) {
  const { t } = useLingui();
  const { name, onInside } = row;
  return (
    <span className="row-name">
      <Link className="go-in" to={listLink(filters, row.plus)} title={name}>
        {name}
      </Link>
      {onInside && (
        <button type="button" className="btn t sm noprint" onClick={onInside} aria-label={t`看下级：${name}`}>
          <Trans>看下级</Trans>
        </button>
      )}
    </span>
  );
}
