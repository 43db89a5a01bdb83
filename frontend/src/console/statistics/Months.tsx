import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import type { Schemas } from "../../api/client";
import { formatMonth } from "../../shared/format";
import type { Filters } from "../shared/filters";
import { ChartWithTable } from "./ChartWithTable";
import { doneIn, receivedIn } from "./links";

interface MonthsProps {
  figures: Schemas["ComplaintStatistics"];
  filters: Filters;
}

/** What came in each month, and what was answered and ended in it: whether the work keeps up. */
export function Months({ figures, filters }: MonthsProps) {
  const { t, i18n } = useLingui();
  const months = figures.by_month;
  // A chart draws itself anew when it is given another array.
  const chart = useMemo(
    () => ({
      labels: months.map(({ month }, index) => {
        const name = formatMonth(month, i18n.locale);
        const isFirst = index === 0 || month.endsWith("-01");
        if (!isFirst && months.length <= 24) return name;
        return i18n.locale === "en" ? `${name} ${month.slice(0, 4)}` : `${month.slice(0, 4)}年${name}`;
      }),
      series: [
        {
          name: t`收到`,
          values: months.map(({ received }) => received),
          links: months.map(({ month }) => receivedIn(filters, month)),
        },
        {
          name: t`当月答复`,
          values: months.map(({ replied }) => replied),
          links: months.map(({ month }) => doneIn(filters, month, "replied")),
        },
        {
          name: t`当月办结`,
          values: months.map(({ ended }) => ended),
          links: months.map(({ month }) => doneIn(filters, month, "ended")),
        },
      ],
    }),
    [months, filters, i18n.locale, t],
  );
  return (
    <ChartWithTable
      title={t`各月收到、答复和办结`}
      hint={t`答复和办结按当月算，不管哪个月收到`}
      heading={t`月份`}
      {...chart}
    />
  );
}
