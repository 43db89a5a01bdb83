import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { Link, useNavigate } from "react-router";
import { formatNumber } from "../../shared/format";
import { listOf } from "../shared/listOf";
import { Skeleton } from "../shared/parts";
import type { Series } from "./Chart";

const Chart = lazy(() => import("./Chart"));

interface ChartWithTableProps {
  title: string;
  hint?: ReactNode;
  labels: string[];
  series: Series[];
  /** The list behind each label. */
  links: string[];
}

/** A chart, and its numbers one tap away; both lead to the lists. */
export function ChartWithTable({ title, hint, labels, series, links }: ChartWithTableProps) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const [isTable, setTable] = useState(false);
  const names = listOf(
    i18n.locale,
    series.map(({ name }) => name),
  );
  return (
    <section>
      <div className="sec">
        <h2>{title}</h2>
        {hint && <span className="m xs">{hint}</span>}
        <span className="sp" />
        <div className="seg">
          <button type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>
            <Trans>图</Trans>
          </button>
          <button type="button" aria-pressed={isTable} onClick={() => setTable(true)}>
            <Trans>表</Trans>
          </button>
        </div>
      </div>
      {isTable ? (
        <table className="tbl dense">
          <thead>
            <tr>
              <th scope="col">{title}</th>
              {series.map(({ name }) => (
                <th scope="col" key={name} className="r">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, row) => (
              <tr key={label}>
                <td>{label}</td>
                {series.map(({ name, values }, column) => (
                  <td key={name} className="r">
                    {column === 0 && links[row] ? (
                      <Link className="fig" to={links[row]}>
                        {formatNumber(values[row] ?? 0, i18n.locale)}
                      </Link>
                    ) : (
                      formatNumber(values[row] ?? 0, i18n.locale)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <Suspense fallback={<Skeleton lines={4} label={t`正在画图`} />}>
          <Chart
            labels={labels}
            series={series}
            describe={t`${title}：${names}。数字在旁边的表里。`}
            onPick={(index) => {
              const to = links[index];
              if (to) navigate(to);
            }}
          />
        </Suspense>
      )}
    </section>
  );
}
