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
  /** What a label is: a month, a year. */
  heading: string;
  labels: string[];
  series: Series[];
}

/** A chart, and its numbers one tap away; each number leads to its list. */
export function ChartWithTable({ title, hint, heading, labels, series }: ChartWithTableProps) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const [isTable, setTable] = useState(false);
  const names = listOf(
    i18n.locale,
    series.map(({ name }) => name),
  );
  return (
    <section className="full" aria-label={title}>
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
        <Numbers heading={heading} labels={labels} series={series} />
      ) : (
        <Suspense fallback={<Skeleton lines={4} label={t`正在画图`} />}>
          <Chart
            labels={labels}
            series={series}
            describe={t`${title}：${names}。数字在旁边的表里。`}
            onPick={(to) => navigate(to)}
          />
        </Suspense>
      )}
    </section>
  );
}

function Numbers({ heading, labels, series }: Pick<ChartWithTableProps, "heading" | "labels" | "series">) {
  const { i18n } = useLingui();
  return (
    <table className="tbl dense months">
      <thead>
        <tr>
          <th scope="col">{heading}</th>
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
            <th scope="row">{label}</th>
            {series.map(({ name, values, links }) => {
              const value = values[row] ?? 0;
              return (
                <td key={name} className="r">
                  {value > 0 ? (
                    <Link className="fig" to={links[row] ?? ""}>
                      {formatNumber(value, i18n.locale)}
                    </Link>
                  ) : (
                    <span className="m">0</span>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
