import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatMonth } from "../../shared/format";
import { complaintKindLabels } from "../../shared/labels";
import { ErrorNotice } from "../shared/ErrorNotice";
import {
  ChannelChip,
  KindChip,
  LinkedChips,
  PhaseChip,
  ReceivedChip,
  StateChip,
  UnitChip,
} from "../shared/FilterChips";
import { type Filters, queueLink } from "../shared/filters";
import { Icon } from "../shared/Icon";
import { channelWords, phaseWords, stateWords, type Words, wordFor } from "../shared/labels";
import { useMay } from "../shared/me";
import { Empty, Skeleton, Title } from "../shared/parts";
import { Bars } from "./Bars";
import { ChartWithTable } from "./ChartWithTable";
import { Figures } from "./Figures";
import { monthRange } from "./months";
import { UnitTable } from "./UnitTable";
import { useStatistics } from "./useStatistics";

export default function StatisticsPage() {
  const { t } = useLingui();
  const { filters, apply, result } = useStatistics();
  const { data, error, refetch } = result;
  const chip = { filters, onChange: apply };
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <Title name={t`投诉办理统计`}>
        <button type="button" className="btn desk" onClick={() => globalThis.print()}>
          <Icon name="print" />
          <Trans>打印</Trans>
        </button>
      </Title>
      <div className="filters">
        <ReceivedChip {...chip} />
        <UnitChip {...chip} />
        <KindChip {...chip} />
        <ChannelChip {...chip} />
        <StateChip {...chip} />
        <PhaseChip {...chip} />
        <LinkedChips {...chip} />
        {isFiltered && (
          <button type="button" className="btn t" onClick={() => apply({})}>
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
      {data && data.total === 0 && <NoFigures isFiltered={isFiltered} />}
      {data && data.total > 0 && <Report figures={data} filters={filters} isOld={result.isPlaceholderData} />}
    </>
  );
}

interface ReportProps {
  figures: Schemas["ComplaintStatistics"];
  filters: Filters;
  isOld: boolean;
}

function Report({ figures, filters, isOld }: ReportProps) {
  const { t, i18n } = useLingui();
  const years = Object.entries(figures.by_year).sort(([one], [other]) => one.localeCompare(other));
  const months = figures.by_month.slice(-24);
  const monthName = (month: string) => {
    const name = formatMonth(month, i18n.locale);
    return month.endsWith("-01") || month === months[0]?.month ? `${month.slice(0, 4)} ${name}` : name;
  };
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
        <ChartWithTable
          title={t`各月`}
          hint={months.length < figures.by_month.length ? t`最近24个月` : undefined}
          labels={months.map(({ month }) => monthName(month))}
          series={[
            { name: t`收到`, values: months.map(({ received }) => received) },
            { name: t`已答复`, values: months.map(({ replied }) => replied) },
          ]}
          links={months.map(({ month }) => queueLink(filters, monthRange(month)))}
        />
        <ChartWithTable
          title={t`各年`}
          labels={years.map(([year]) => year)}
          series={[{ name: t`收到`, values: years.map(([, count]) => count) }]}
          links={years.map(([year]) => queueLink(filters, { year: Number(year) }))}
        />
        <Bars title={t`状态`} items={bars(stateWords, figures.by_state, (state) => ({ state: [state] }))} />
        <Bars
          title={t`时限`}
          items={bars(phaseWords, figures.by_phase, (phase) => ({ phase: [phase] }), [
            "overdue",
            "long_overdue",
          ])}
        />
        <Bars title={t`种类`} items={bars(complaintKindLabels, figures.by_kind, (kind) => ({ kind }))} />
        <Bars title={t`渠道`} items={bars(channelWords, figures.by_channel, (channel) => ({ channel }))} />
        <UnitTable units={figures.by_unit} filters={filters} />
      </div>
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
