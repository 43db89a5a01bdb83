import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { type Filters, queueLink } from "../shared/filters";
import { LATE } from "../shared/states";

interface UnitTableProps {
  units: Schemas["UnitFigures"][];
  filters: Filters;
}

/** By unit, the busiest first: bars in the first column, each figure a link. */
export function UnitTable({ units, filters }: UnitTableProps) {
  const { t, i18n } = useLingui();
  const number = (value: number) => formatNumber(value, i18n.locale);
  const most = Math.max(1, ...units.map(({ total }) => total));
  const figure = (unit_id: string, value: number, plus: Filters = {}, look = "") =>
    value > 0 ? (
      <Link className={`fig ${look}`} to={queueLink(filters, { unit_id, ...plus })}>
        {number(value)}
      </Link>
    ) : (
      <span className="m">0</span>
    );
  return (
    <section className="full">
      <div className="sec">
        <h2>
          <Trans>各单位</Trans>
        </h2>
        <span className="m xs">
          <Trans>收到最多的{units.length}个</Trans>
        </span>
      </div>
      <div className="scroll">
        <table className="tbl dense by-unit">
          <thead>
            <tr>
              <th scope="col" style={{ width: "30%" }}>{t`单位`}</th>
              <th scope="col" className="desk-cell">
                <span className="vh">{t`图`}</span>
              </th>
              <th scope="col" className="r" style={{ width: "11%" }}>{t`收到`}</th>
              <th scope="col" className="r" style={{ width: "11%" }}>{t`已答复`}</th>
              <th scope="col" className="r" style={{ width: "11%" }}>{t`超期`}</th>
              <th scope="col" className="r" style={{ width: "14%" }}>{t`用时中位数`}</th>
            </tr>
          </thead>
          <tbody>
            {units.map(({ unit, total, replied, overdue, median_days_to_reply: median }) => (
              <tr key={unit.id}>
                <td title={nameIn(i18n.locale, unit)}>{nameIn(i18n.locale, unit)}</td>
                <td className="desk-cell" aria-hidden="true">
                  <span className="bars">
                    <span
                      className="b1"
                      style={{ display: "block", height: 12, width: `${(total / most) * 100}%` }}
                    />
                  </span>
                </td>
                <td className="r">{figure(unit.id, total)}</td>
                <td className="r">{figure(unit.id, replied, { replied_from: "1990-01-01" })}</td>
                <td className="r">{figure(unit.id, overdue, { phase: LATE }, "late")}</td>
                <td className="r">
                  {median === null ? <span className="m">—</span> : t`${number(median)}天`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
