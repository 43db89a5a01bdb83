import { useLingui } from "@lingui/react/macro";
import { Icon } from "../shared/Icon";
import { Cell, type CompareProps, type Row, RowName } from "./Compare";
import { isOfFew, type Measure, measures, nextSort, readSort } from "./measures";

/** The head stays while one scrolls; the bars show what the rows are sorted by, the line in them all together. */
export function CompareTable({ heading, rows, all, filters, by, onSort }: CompareProps) {
  const { t } = useLingui();
  const { measure, isDown } = readSort(by);
  const drawn = measure ?? (measures[0] as Measure);
  const order = isDown ? ("descending" as const) : ("ascending" as const);
  return (
    <table className="tbl sticky compare">
      <thead>
        <tr>
          <th scope="col" className="what" aria-sort={measure ? undefined : order}>
            <button type="button" className="th" onClick={() => onSort(by === "name" ? "-name" : "name")}>
              {heading}
              {!measure && <Icon name={isDown ? "down" : "up"} small />}
            </button>
          </th>
          <th scope="col" className="drawn">
            <span className="vh">{t`图`}</span>
          </th>
          {measures.map((one) => (
            <th
              key={one.id}
              scope="col"
              className={`r of-${one.unit}`}
              aria-sort={one === measure ? order : undefined}
            >
              <button type="button" className="th" onClick={() => onSort(nextSort(by, one))}>
                {t(one.label)}
                {one === measure && <Icon name={isDown ? "down" : "up"} small />}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[all, ...rows].map((row) => (
          <tr key={row.key} className={row === all ? "all" : undefined}>
            <th scope="row">
              <RowName row={row} filters={filters} />
            </th>
            <td className="drawn" aria-hidden="true">
              {row !== all && <Bar measure={drawn} row={row} rows={rows} all={all} />}
            </td>
            {measures.map((one) => (
              <td key={one.id} className="r">
                <Cell measure={one} row={row} filters={filters} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface BarProps {
  measure: Measure;
  row: Row;
  rows: Row[];
  all: Row;
}

function Bar({ measure, row, rows, all }: BarProps) {
  const valueIn = ({ figures }: Row) => measure.value(figures) ?? 0;
  // The sum of all would dwarf every row; what all have in the middle is what a row is held against.
  const middle = measure.unit === "cases" ? undefined : valueIn(all);
  // A share of few can be all of them, and a few days may be years: they don't set the scale.
  const scaled = rows.filter(({ figures }) => !isOfFew(measure, figures));
  const most = Math.max(...(scaled.length > 0 ? scaled : rows).map(valueIn), middle ?? 0) || 1;
  const width = (value: number) => `${Math.min(100, (value / most) * 100)}%`;
  return (
    <span className="meter">
      <i className={isOfFew(measure, row.figures) ? "few" : ""} style={{ width: width(valueIn(row)) }} />
      {middle !== undefined && <i className="middle" style={{ left: width(middle) }} />}
    </span>
  );
}
