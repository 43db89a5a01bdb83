import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { formatNumber, percentOf } from "../../shared/format";
import { type Filters, queueLink } from "../shared/filters";
import { Icon } from "../shared/Icon";
import {
  type Cell,
  type ColumnName,
  cellOf,
  type Group,
  type GroupFigures,
  inOrder,
  type Order,
} from "./groups";

interface GroupTableProps {
  title: string;
  /** The heading of the first column. */
  first: string;
  groups: Group[];
  filters: Filters;
  /** Of all groups together: the row to compare with. */
  all?: GroupFigures;
  hint?: ReactNode;
  tools?: ReactNode;
  /** Rows shown before somebody asks for more. */
  limit?: number;
  onInside?: (filters: Filters) => void;
}

/** On a phone the first of them and the ones that tell most. */
const DESK_ONLY: ColumnName[] = ["ended", "p90", "over_60", "redone"];

function useColumns(): [ColumnName, string, string][] {
  const { t } = useLingui();
  return [
    ["total", t`收到`, t`收到的件数`],
    ["ended", t`已办结`, t`已经办结的件数`],
    ["overdue", t`现超期`, t`现在已经超期的件数`],
    ["median", t`用时中位数`, t`一半的件在这么多天内首次答复`],
    ["p90", t`九成用时`, t`九成的件在这么多天内首次答复`],
    ["over_15", t`超15天`, t`超过15天才答复的，占已答复的比例`],
    ["over_60", t`超60天`, t`超过60天才答复的，占已答复的比例`],
    ["satisfied", t`满意率`, t`评价满意的，占已评价的比例`],
    ["redone", t`重办`, t`因不满意重办的件数`],
  ];
}

/** Groups side by side, in the order that somebody wants; each figure leads to the list that it counts. */
export function GroupTable(props: GroupTableProps) {
  const { title, first, groups, filters, all, hint, tools, limit = 15, onInside } = props;
  const { t, i18n } = useLingui();
  const columns = useColumns();
  const [order, setOrder] = useState<Order>({ column: "total", isDescending: true });
  const [isWhole, setWhole] = useState(false);
  const sorted = inOrder(groups, order, i18n.locale);
  const shown = isWhole ? sorted : sorted.slice(0, limit);
  const most = Math.max(1, ...groups.map(({ figures }) => figures.total));
  const by = (column: Order["column"]) =>
    setOrder({ column, isDescending: order.column === column ? !order.isDescending : column !== "name" });
  const heading = (column: Order["column"], label: string, says: string, look: string) => (
    <th
      key={column}
      scope="col"
      className={look}
      aria-sort={order.column === column ? (order.isDescending ? "descending" : "ascending") : undefined}
    >
      <button type="button" className="th" title={says} onClick={() => by(column)}>
        {label}
        {order.column === column && <Icon name={order.isDescending ? "down" : "up"} small />}
      </button>
    </th>
  );
  const look = (column: ColumnName) => `r ${DESK_ONLY.includes(column) ? "desk-cell" : ""}`;
  const rest = sorted.length - shown.length;
  return (
    <section className="full">
      <div className="sec">
        <h2>{title}</h2>
        {hint && <span className="m xs">{hint}</span>}
        <span className="sp" />
        {tools}
      </div>
      {groups.length === 0 ? (
        <p className="m">{t`没有符合的。`}</p>
      ) : (
        <table className="tbl dense groups">
          <thead>
            <tr>
              {heading("name", first, t`按名称排`, "name")}
              <th scope="col" className="desk-cell bar">
                <span className="vh">{t`图`}</span>
              </th>
              {columns.map(([column, label, says]) => heading(column, label, says, look(column)))}
            </tr>
          </thead>
          <tbody>
            {all && (
              <tr className="all">
                <th scope="row">{t`合计`}</th>
                <td className="desk-cell" />
                {columns.map(([column]) => (
                  <td key={column} className={look(column)}>
                    <Figure cell={cellOf(column, all)} column={column} filters={filters} />
                  </td>
                ))}
              </tr>
            )}
            {shown.map(({ key, name, figures, filters: own, inside }) => (
              <tr key={key}>
                <th scope="row" title={name}>
                  {inside && onInside ? (
                    <button type="button" className="inside" onClick={() => onInside(inside)}>
                      {name}
                      <Icon name="right" small />
                    </button>
                  ) : (
                    name
                  )}
                </th>
                <td className="desk-cell" aria-hidden="true">
                  <span className="share" style={{ width: `${(figures.total / most) * 100}%` }} />
                </td>
                {columns.map(([column]) => (
                  <td key={column} className={look(column)}>
                    <Figure cell={cellOf(column, figures)} column={column} filters={{ ...filters, ...own }} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rest > 0 && (
        <button type="button" className="btn t more" onClick={() => setWhole(true)}>
          <Trans>再看{rest}行</Trans>
        </button>
      )}
    </section>
  );
}

const SHARES: ColumnName[] = ["over_15", "over_60", "satisfied"];

function Figure({ cell, column, filters }: { cell: Cell; column: ColumnName; filters: Filters }) {
  const { t, i18n } = useLingui();
  if (cell.value === null) return <span className="m">—</span>;
  const number = formatNumber(cell.value, i18n.locale);
  const shown = SHARES.includes(column)
    ? `${formatNumber(percentOf(cell.value, 1), i18n.locale)}%`
    : cell.count === null
      ? t`${number}天`
      : number;
  if (!cell.list || !cell.count) return <span className={cell.list ? "m" : undefined}>{shown}</span>;
  const isLate = column === "overdue" || column === "over_60";
  const cases = cell.count;
  return (
    <Link
      className={`fig ${isLate ? "late" : ""}`}
      to={queueLink(filters, cell.list)}
      title={SHARES.includes(column) ? t`${cases}件` : undefined}
    >
      {shown}
    </Link>
  );
}
