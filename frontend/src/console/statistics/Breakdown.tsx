import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { complaintKindLabels } from "../../shared/labels";
import { useCategories } from "../shared/CategorySelect";
import type { Filters } from "../shared/filters";
import { channelWords, wordFor } from "../shared/labels";
import { Compare, type Row } from "./Compare";
import { type PageState, VIEWS, type View, writePage } from "./page";
import { Units } from "./Units";
import type { ChangePage } from "./useStatistics";

type Statistics = Schemas["ComplaintStatistics"];

export interface BreakdownProps {
  page: PageState;
  figures: Statistics;
  filters: Filters;
  change: ChangePage;
}

export function useViewNames(): Record<View, string> {
  const { t } = useLingui();
  return { categories: t`按分类`, units: t`按单位`, channels: t`按渠道`, kinds: t`按种类` };
}

/** The same figures by category, by unit, by channel or by kind: one table at a time, which can be sorted. */
export function Breakdown(props: BreakdownProps) {
  const { t } = useLingui();
  const names = useViewNames();
  const { page } = props;
  const Face = { categories: Categories, units: Units, channels: Channels, kinds: Kinds }[page.view];
  return (
    <section className="full">
      <h2 className="vh">{names[page.view]}</h2>
      <nav className="views tabs" aria-label={t`按什么分`}>
        {VIEWS.map((view) => (
          <Link
            key={view}
            to={{ search: writePage({ ...page, view }) }}
            replace
            preventScrollReset
            aria-current={view === page.view}
          >
            {names[view]}
          </Link>
        ))}
      </nav>
      <Face {...props} />
    </section>
  );
}

/** What the rows of one table have in common. */
export function useCompare({ page, filters, change }: BreakdownProps) {
  return { filters, by: page.by, onSort: (by: string) => void change({ by }) };
}

export function useAllRow(figures: Statistics): Row {
  const { t } = useLingui();
  return { key: "all", name: t`合计`, figures, plus: {} };
}

function Categories(props: BreakdownProps) {
  const { t, i18n } = useLingui();
  const { page, figures, change } = props;
  const all = useAllRow(figures);
  const compare = useCompare(props);
  const look = (category_id: string | undefined) =>
    change({
      filters: { ...page.filters, category_id, category_only: undefined, has_category: undefined },
    });
  const rows = figures.by_category.map(({ category, is_alone, figures: own }): Row => {
    if (!category) return { key: "none", name: t`未分类`, figures: own, plus: { has_category: false } };
    const name = nameIn(i18n.locale, category);
    if (is_alone) {
      const plus = { category_id: category.id, category_only: true };
      return { key: "alone", name: t`${name}（直接归入本类）`, figures: own, plus };
    }
    return {
      key: category.id,
      name,
      figures: own,
      plus: { category_id: category.id },
      onInside: category.has_below ? () => void look(category.id) : undefined,
    };
  });
  return (
    <>
      {page.filters.category_id && <Way id={page.filters.category_id} onLook={look} />}
      <Compare heading={t`分类`} rows={rows} all={all} {...compare} />
    </>
  );
}

/** Where one stands in the catalogue, and the way out of it. */
function Way({ id, onLook }: { id: string; onLook: (id: string | undefined) => void }) {
  const { t, i18n } = useLingui();
  const known = useCategories(true);
  const above = [];
  for (let at = known.find((one) => one.id === id); at; at = known.find((one) => one.id === at?.parent_id)) {
    above.unshift(at);
  }
  return (
    <nav className="row wrap noprint" aria-label={t`分类的上级`} style={{ paddingTop: 8 }}>
      <button type="button" className="btn t sm" onClick={() => onLook(undefined)}>
        <Trans>全部分类</Trans>
      </button>
      {above.map((one) => (
        <span key={one.id} className="row">
          <span aria-hidden="true" className="m">
            /
          </span>
          {one.id === id ? (
            <b>{nameIn(i18n.locale, one)}</b>
          ) : (
            <button type="button" className="btn t sm" onClick={() => onLook(one.id)}>
              {nameIn(i18n.locale, one)}
            </button>
          )}
        </span>
      ))}
    </nav>
  );
}

function Channels(props: BreakdownProps) {
  const { t } = useLingui();
  const rows = props.figures.by_channel.map(({ channel, figures }) => ({
    key: channel,
    name: t(wordFor(channelWords, channel)),
    figures,
    plus: { channel: [channel] },
  }));
  return <Compare heading={t`渠道`} rows={rows} all={useAllRow(props.figures)} {...useCompare(props)} />;
}

function Kinds(props: BreakdownProps) {
  const { t } = useLingui();
  const rows = props.figures.by_kind.map(({ kind, figures }) => ({
    key: kind,
    name: t(wordFor(complaintKindLabels, kind)),
    figures,
    plus: { kind: [kind] },
  }));
  return <Compare heading={t`种类`} rows={rows} all={useAllRow(props.figures)} {...useCompare(props)} />;
}
