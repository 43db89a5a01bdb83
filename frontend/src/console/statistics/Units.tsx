import { Trans, useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { unitKindLabels } from "../../shared/labels";
import { ErrorNotice } from "../shared/ErrorNotice";
import type { Filters } from "../shared/filters";
import { wordFor } from "../shared/labels";
import { Skeleton } from "../shared/parts";
import { type BreakdownProps, useAllRow, useCompare } from "./Breakdown";
import { Compare, type Row } from "./Compare";
import type { PageState } from "./page";
import { useFigures } from "./useStatistics";

const KINDS = ["school", "kindergarten", "office", "bureau", "window"];
const ALL = "all";

/**
 * The kind of units that are compared, undefined for all: a school and an office are no match for each other. Within one
 * unit, or where there is one only, there is nothing to tell apart.
 */
export function comparedKind(page: PageState, figures: Schemas["ComplaintStatistics"]): string | undefined {
  if (page.filters.unit_kind) return page.filters.unit_kind;
  if (page.units) return page.units === ALL ? undefined : page.units;
  return page.filters.unit_id || figures.by_unit.length < 2 ? undefined : "school";
}

export function Units(props: BreakdownProps) {
  const { t } = useLingui();
  const { page, figures, filters, change } = props;
  const kind = comparedKind(page, figures);
  const isNarrowed = page.filters.unit_kind !== undefined;
  const of: Filters = kind ? { ...filters, unit_kind: kind } : filters;
  const isAsked = kind !== undefined && !isNarrowed;
  const { result, shown } = useFigures(of, isAsked);
  const { data, error, refetch, isPlaceholderData } = result;
  const own = isAsked ? data : figures;
  return (
    <>
      {!isNarrowed && (
        <div className="seg kinds noprint">
          {[...KINDS, ALL].map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === (kind ?? ALL)}
              onClick={() => void change({ units: one })}
            >
              {one === ALL ? t`全部` : t(wordFor(unitKindLabels, one))}
            </button>
          ))}
        </div>
      )}
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!own && !error && <Skeleton lines={6} label={t`正在数`} />}
      {own && (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? "old" : undefined}>
          <UnitRows
            {...props}
            filters={isAsked ? shown : filters}
            figures={own}
            kind={isAsked ? shown.unit_kind : kind}
          />
        </div>
      )}
    </>
  );
}

function UnitRows(props: BreakdownProps & { kind: string | undefined }) {
  const { t, i18n } = useLingui();
  const { figures, kind } = props;
  const compare = useCompare(props);
  const all = useAllRow(figures);
  if (figures.by_unit.length === 0) {
    return (
      <p className="m" style={{ padding: "16px 0" }}>
        <Trans>这一类单位没有件。</Trans>
      </p>
    );
  }
  const word = kind ? t(wordFor(unitKindLabels, kind)) : "";
  const rows = figures.by_unit.map(
    ({ unit, figures: own }): Row => ({
      key: unit.id,
      name: nameIn(i18n.locale, unit),
      figures: own,
      plus: { unit_id: unit.id, unit_only: true },
    }),
  );
  const whole: Row = kind ? { ...all, name: t`${word}合计`, plus: { unit_kind: kind } } : all;
  return (
    <>
      {!kind && rows.length >= 50 && (
        <p className="m xs" style={{ paddingTop: 8 }}>
          <Trans>收到最多的{rows.length}个单位；选一类就能看全。</Trans>
        </p>
      )}
      <Compare heading={t`单位`} rows={rows} all={whole} {...compare} />
    </>
  );
}
