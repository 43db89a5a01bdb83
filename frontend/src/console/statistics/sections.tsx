import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { complaintKindLabels, unitKindLabels } from "../../shared/labels";
import { DownloadMenu } from "../shared/DownloadMenu";
import type { Filters } from "../shared/filters";
import { channelWords, wordFor } from "../shared/labels";
import { GroupTable } from "./GroupTable";
import type { Group } from "./groups";

type Statistics = Schemas["ComplaintStatistics"];

interface SectionProps {
  figures: Statistics;
  filters: Filters;
  apply: (filters: Filters) => unknown;
}

const REPORT = "/api/v1/statistics/complaints/export";

/** By category; one that has others below it opens these. */
export function Categories({ figures, filters, apply }: SectionProps) {
  const { t, i18n } = useLingui();
  const groups: Group[] = figures.by_category.map((row) => {
    const { category, is_alone } = row;
    if (!category)
      return { key: "none", name: t`未分类`, figures: row.figures, filters: { has_category: false } };
    const name = nameIn(i18n.locale, category);
    const own = { category_id: category.id, category_only: is_alone || undefined };
    return {
      key: category.id,
      name: is_alone ? t`${name}（直接归入）` : name,
      figures: row.figures,
      filters: own,
      inside: category.has_below && !is_alone ? { category_id: category.id } : undefined,
    };
  });
  return (
    <GroupTable
      title={t`各类别`}
      first={t`类别`}
      groups={groups}
      filters={filters}
      hint={filters.category_id ? t`所选类别的下一级` : t`点类别名看下一级`}
      onInside={(inside) => apply({ ...filters, ...inside, category_only: undefined })}
      tools={
        <DownloadMenu
          path={REPORT}
          query={{ ...filters, table: "categories" }}
          name={t`统计-各类别`}
          label={t`导出各类别`}
        />
      }
    />
  );
}

const KINDS = ["school", "kindergarten", "office", "bureau"] as const;

/** Units of one kind side by side: a school is compared with schools. */
export function Units({ figures, filters }: SectionProps) {
  const { t, i18n } = useLingui();
  const [kind, setKind] = useState<(typeof KINDS)[number]>();
  const [typed, setTyped] = useState("");
  const query = { ...filters, unit_kind: kind };
  const compared = $api.useQuery(
    "get",
    "/api/v1/statistics/complaints",
    { params: { query: query as never } },
    { enabled: kind !== undefined },
  );
  const of = kind ? compared.data : figures;
  const rows = (of?.by_unit ?? []).filter(({ unit }) => nameIn(i18n.locale, unit).includes(typed.trim()));
  const groups: Group[] = rows.map(({ unit, figures: own }) => ({
    key: unit.id,
    name: nameIn(i18n.locale, unit),
    figures: own,
    filters: { unit_id: unit.id, unit_only: true, unit_kind: undefined },
  }));
  const count = figures.by_unit.length;
  return (
    <GroupTable
      title={t`各单位`}
      first={t`单位`}
      groups={groups}
      filters={query}
      all={kind && of ? allOf(of) : undefined}
      hint={kind ? t`同类单位相比，各单位自己承办的件` : t`收到最多的${count}个，各单位自己承办的件`}
      tools={
        <>
          <div className="seg">
            <button type="button" aria-pressed={!kind} onClick={() => setKind(undefined)}>
              <Trans>全部</Trans>
            </button>
            {KINDS.map((one) => (
              <button type="button" key={one} aria-pressed={kind === one} onClick={() => setKind(one)}>
                {t(wordFor(unitKindLabels, one))}
              </button>
            ))}
          </div>
          <input
            type="search"
            className="inp find"
            aria-label={t`按名称找单位`}
            placeholder={t`按名称找单位`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <DownloadMenu
            path={REPORT}
            query={{ ...query, table: "units" }}
            name={t`统计-各单位`}
            label={t`导出各单位`}
          />
        </>
      }
    />
  );
}

/** By channel and by kind: few rows each. */
export function Ways({ figures, filters }: SectionProps) {
  const { t } = useLingui();
  return (
    <>
      <GroupTable
        title={t`各渠道`}
        first={t`渠道`}
        filters={filters}
        groups={figures.by_channel.map(({ channel, figures: own }) => ({
          key: channel,
          name: t(wordFor(channelWords, channel)),
          figures: own,
          filters: { channel },
        }))}
      />
      <GroupTable
        title={t`各种类`}
        first={t`种类`}
        filters={filters}
        groups={figures.by_kind.map(({ kind, figures: own }) => ({
          key: kind,
          name: t(wordFor(complaintKindLabels, kind)),
          figures: own,
          filters: { kind },
        }))}
      />
    </>
  );
}

/** The figures of all, without the groups. */
export const allOf = (figures: Statistics): Schemas["ComplaintFigures"] => figures;
