import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatMonth } from "../../shared/format";
import { CategoryChip } from "../shared/CategoryChip";
import { DownloadMenu } from "../shared/DownloadMenu";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ChannelChip, KindChip, ReceivedChip, UnitChip } from "../shared/FilterChips";
import { type Filters, queueLink } from "../shared/filters";
import { Icon } from "../shared/Icon";
import { LinkedChips } from "../shared/LinkedChips";
import { phaseWords, stateWords, type Words, wordFor } from "../shared/labels";
import { useMay } from "../shared/me";
import { Empty, Skeleton, Title } from "../shared/parts";
import { LATE } from "../shared/states";
import { Bars } from "./Bars";
import { ChartWithTable } from "./ChartWithTable";
import { Figures } from "./Figures";
import { monthLists } from "./groups";
import { PeriodBar } from "./PeriodBar";
import { periodName, withoutPeriod } from "./period";
import { Categories, Units, Ways } from "./sections";
import { useStatistics } from "./useStatistics";

export default function StatisticsPage() {
  const { t } = useLingui();
  const { filters, apply, result } = useStatistics();
  const { data, error, refetch } = result;
  const chip = { filters, onChange: apply };
  // The year stands in the buttons before; a year of one's own has a chip.
  const linked = {
    filters: periodName(filters) ? { ...filters, year: undefined } : filters,
    onChange: apply,
  };
  const isFiltered = Object.values(withoutPeriod(filters)).some((value) => value !== undefined);
  return (
    <>
      <Title name={t`投诉办理统计`}>
        <DownloadMenu
          path="/api/v1/statistics/complaints/export"
          query={filters}
          name={t`统计`}
          label={t`导出统计报表`}
        />
        <button type="button" className="btn desk" onClick={() => globalThis.print()}>
          <Icon name="print" />
          <Trans>打印</Trans>
        </button>
      </Title>
      <div className="filters">
        <PeriodBar filters={filters} apply={apply} />
        <ReceivedChip {...chip} onChange={(next) => apply({ ...next, year: undefined })} />
        <UnitChip {...chip} />
        <CategoryChip {...chip} />
        <KindChip {...chip} />
        <ChannelChip {...chip} />
        <LinkedChips
          {...linked}
          onChange={(next) => apply({ ...next, year: next.year ?? yearOf(filters) })}
        />
        {isFiltered && (
          <button type="button" className="btn t" onClick={() => apply(onlyPeriod(filters))}>
            <Trans>清除</Trans>
          </button>
        )}
        <span className="sp" />
        <span className="m xs desk">
          <Trans>每个件数都能点开看清单。您看不到的件不在内。</Trans>
        </span>
      </div>
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={10} label={t`正在数`} />}
      {data && data.total === 0 && data.by_month.length === 0 && <NoFigures isFiltered={isFiltered} />}
      {data && (data.total > 0 || data.by_month.length > 0) && (
        <Report figures={data} filters={filters} apply={apply} isOld={result.isPlaceholderData} />
      )}
    </>
  );
}

/** The year that a button chose, which the chips must not take away. */
const yearOf = (filters: Filters) => (periodName(filters) ? filters.year : undefined);

function onlyPeriod({ year, received_from, received_to }: Filters): Filters {
  return { year, received_from, received_to };
}

interface ReportProps {
  figures: Schemas["ComplaintStatistics"];
  filters: Filters;
  apply: (filters: Filters) => unknown;
  isOld: boolean;
}

function Report({ figures, filters, apply, isOld }: ReportProps) {
  const { t } = useLingui();
  const section = { figures, filters, apply };
  const bars = (
    words: Words,
    counts: Record<string, number>,
    link: (code: string) => Filters,
    late?: string[],
  ) =>
    Object.entries(counts)
      .filter(([, value]) => value > 0)
      .sort(([, one], [, other]) => other - one)
      .map(([code, value]) => ({
        key: code,
        label: t(wordFor(words, code)),
        value,
        to: queueLink(filters, link(code)),
        tone: late?.includes(code) ? ("late" as const) : undefined,
      }));
  return (
    <div aria-busy={isOld} style={{ opacity: isOld ? 0.6 : 1 }}>
      <Figures figures={figures} filters={filters} />
      <div className="charts">
        <Months figures={figures} filters={filters} />
        <Categories {...section} />
        <Units {...section} />
        <Bars title={t`状态`} items={bars(stateWords, figures.by_state, (state) => ({ state: [state] }))} />
        <Bars
          title={t`时限`}
          items={bars(phaseWords, figures.by_phase, (phase) => ({ phase: [phase] }), LATE)}
        />
        <Ways {...section} />
      </div>
    </div>
  );
}

/** What came in against what was done, month by month. */
function Months({ figures, filters }: Pick<ReportProps, "figures" | "filters">) {
  const { t, i18n } = useLingui();
  const months = figures.by_month.slice(-24);
  const monthName = (month: string) => {
    const name = formatMonth(month, i18n.locale);
    return month.endsWith("-01") || month === months[0]?.month ? `${month.slice(0, 4)} ${name}` : name;
  };
  const lists = months.map(({ month }) => monthLists(month));
  const links = (of: (list: ReturnType<typeof monthLists>) => Filters) =>
    lists.map((list) => queueLink(filters, of(list)));
  return (
    <div className="full">
      <ChartWithTable
        title={t`各月`}
        hint={
          months.length < figures.by_month.length
            ? t`最近24个月。答复和办结按当月发生的数，不论何时收到`
            : t`答复和办结按当月发生的数，不论何时收到`
        }
        labels={months.map(({ month }) => monthName(month))}
        series={[
          {
            name: t`收到`,
            values: months.map(({ received }) => received),
            links: links(({ received }) => received),
          },
          {
            name: t`首次答复`,
            values: months.map(({ replied }) => replied),
            links: links(({ replied }) => replied),
          },
          { name: t`办结`, values: months.map(({ ended }) => ended), links: links(({ ended }) => ended) },
        ]}
      />
    </div>
  );
}

function NoFigures({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useLingui();
  const may = useMay();
  return (
    <Empty
      title={isFiltered ? t`没有符合这些条件的件` : t`还没有可数的件`}
      action={
        !isFiltered &&
        may("complaints.import") && (
          <Link className="btn p lg" to="/imports/new">
            <Trans>导入第一份台账</Trans>
          </Link>
        )
      }
    >
      {isFiltered ? (
        <Trans>少选一个条件，或者清除筛选再看。</Trans>
      ) : (
        <Trans>有了件，这里会数出收到多少、多久答复、哪些超期、满不满意，每个数都能点开看清单。</Trans>
      )}
    </Empty>
  );
}
