import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link } from "react-router";
import { complaintKindLabels } from "../../shared/labels";
import { ErrorNotice } from "../shared/ErrorNotice";
import { CategoryChip, ChannelChip, KindChip, PhaseChip, StateChip, UnitChip } from "../shared/FilterChips";
import type { Filters } from "../shared/filters";
import { Icon } from "../shared/Icon";
import { LinkedChips } from "../shared/LinkedChips";
import { channelWords, phaseWords, stateWords, type Words, wordFor } from "../shared/labels";
import { useMay } from "../shared/me";
import { Empty, Skeleton, Title } from "../shared/parts";
import { LATE } from "../shared/states";
import { useIsPhone } from "../shared/useMedia";
import { type BarItem, Bars } from "./Bars";
import { Breakdown, type BreakdownProps, useViewNames } from "./Breakdown";
import { Figures } from "./Figures";
import { listLink } from "./links";
import { Months } from "./Months";
import { PeriodChip } from "./PeriodChip";
import { type PageState, withoutDays } from "./page";
import { ReportMenu } from "./ReportMenu";
import { comparedKind } from "./Units";
import { type ChangePage, useStatistics } from "./useStatistics";

export default function StatisticsPage() {
  const { t } = useLingui();
  const { page, filters, change, result } = useStatistics();
  const { data, error, refetch, isPlaceholderData: isOld } = result;
  return (
    <>
      <Title name={t`投诉办理统计`}>
        <button type="button" className="btn desk" onClick={() => globalThis.print()}>
          <Icon name="print" />
          <Trans>打印</Trans>
        </button>
        {data && <Export page={page} filters={filters} figures={data} />}
      </Title>
      <FilterBar page={page} change={change} />
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={10} label={t`正在数`} />}
      {data && data.total === 0 && <NoFigures page={page} change={change} />}
      {data && data.total > 0 && (
        <div aria-busy={isOld} className={isOld ? "old" : undefined}>
          <Report page={page} figures={data} filters={filters} change={change} />
        </div>
      )}
    </>
  );
}

interface BarProps {
  page: PageState;
  change: ChangePage;
}

function FilterBar({ page, change }: BarProps) {
  const { received_from, received_to, year } = page.filters;
  const own = withoutDays(page.filters);
  const onChange = (next: Filters) => change({ filters: { received_from, received_to, year, ...next } });
  const chip = { filters: own, onChange };
  const isPhone = useIsPhone();
  const [isOpen, setOpen] = useState(false);
  const count = Object.keys(own).length;
  return (
    <div className="filters told-in-print">
      <PeriodChip page={page} onChange={change} />
      {isPhone && (
        <button type="button" className="btn" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon name="filter" small />
          {count > 0 ? <Trans>筛选（{count}）</Trans> : <Trans>筛选</Trans>}
        </button>
      )}
      {(!isPhone || isOpen) && (
        <>
          <UnitChip {...chip} />
          <CategoryChip {...chip} />
          <ChannelChip {...chip} />
          <KindChip {...chip} />
          <StateChip {...chip} />
          <PhaseChip {...chip} />
          <LinkedChips {...chip} />
        </>
      )}
      {count > 0 && (
        <button type="button" className="btn t" onClick={() => onChange({})}>
          <Trans>清除</Trans>
        </button>
      )}
      <span className="sp" />
      <span className="m xs desk">
        <Trans>每个件数都能点开看清单。您看不到的件不在内。</Trans>
      </span>
    </div>
  );
}

type ExportProps = Pick<BreakdownProps, "page" | "filters" | "figures">;

function Export({ page, filters, figures }: ExportProps) {
  const names = useViewNames();
  const kind = page.view === "units" ? comparedKind(page, figures) : undefined;
  const table = { code: page.view, name: names[page.view], filters: kind ? { unit_kind: kind } : {} };
  return <ReportMenu filters={filters} table={table} />;
}

function Report(props: BreakdownProps) {
  const { t } = useLingui();
  const { figures, filters } = props;
  const bars = useBars(filters);
  const kinds = Object.fromEntries(figures.by_kind.map(({ kind, figures: own }) => [kind, own.total]));
  const channels = Object.fromEntries(
    figures.by_channel.map(({ channel, figures: own }) => [channel, own.total]),
  );
  const years = Object.entries(figures.by_year)
    .sort(([one], [other]) => other.localeCompare(one))
    .map(([year, value]) => ({
      key: year,
      label: year,
      value,
      to: listLink(filters, { year: Number(year) }),
    }));
  return (
    <>
      <Figures figures={figures} filters={filters} />
      <div className="charts">
        <Months figures={figures} filters={filters} />
        <Breakdown {...props} />
        <Bars title={t`状态`} items={bars(stateWords, figures.by_state, (state) => ({ state: [state] }))} />
        <Bars
          title={t`时限`}
          items={bars(phaseWords, figures.by_phase, (phase) => ({ phase: [phase] }), LATE)}
        />
        {years.length > 1 && <Bars title={t`收到的年份`} items={years} />}
        <Bars title={t`渠道`} items={bars(channelWords, channels, (channel) => ({ channel: [channel] }))} />
        <Bars title={t`种类`} items={bars(complaintKindLabels, kinds, (kind) => ({ kind: [kind] }))} />
      </div>
    </>
  );
}

function useBars(filters: Filters) {
  const { t } = useLingui();
  return (
    words: Words,
    counts: Record<string, number>,
    link: (code: string) => Filters,
    late?: string[],
  ): BarItem[] =>
    Object.entries(counts)
      .filter(([, value]) => value > 0)
      .sort(([, one], [, other]) => other - one)
      .map(([code, value]) => ({
        key: code,
        label: t(wordFor(words, code)),
        value,
        to: listLink(filters, link(code)),
        tone: late?.includes(code) ? "late" : undefined,
      }));
}

/** No case fits: in another period there may be some. */
function NoFigures({ page, change }: BarProps) {
  const { t } = useLingui();
  const may = useMay();
  const isAll = page.period === "all";
  const isFiltered = Object.keys(withoutDays(page.filters)).length > 0;
  if (!isAll) {
    return (
      <Empty
        title={t`这段时间没有符合的件`}
        action={
          <button type="button" className="btn p lg" onClick={() => void change({ period: "all" })}>
            <Trans>看全部时间</Trans>
          </button>
        }
      >
        <Trans>换一段时间，或者少选一个条件再看。</Trans>
      </Empty>
    );
  }
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
