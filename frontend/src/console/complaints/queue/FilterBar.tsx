import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer, Dropdown } from "antd";
import { type FormEvent, useState } from "react";
import {
  CategoryChip,
  ChannelChip,
  DueDayChip,
  HandlerChip,
  KindChip,
  MarkChip,
  PhaseChip,
  ReceivedChip,
  SatisfactionChip,
  StateChip,
  UnitChip,
} from "../../shared/FilterChips";
import { type Filters, SORTS, type Sort } from "../../shared/filters";
import { Icon } from "../../shared/Icon";
import { LinkedChips } from "../../shared/LinkedChips";
import { useIsPhone } from "../../shared/useMedia";
import { columns } from "./columns";
import { ExportMenu } from "./ExportMenu";

interface FilterBarProps {
  filters: Filters;
  sort: Sort;
  shown: string[];
  onApply: (filters: Filters) => void;
  onSort: (sort: Sort) => void;
  onShow: (columns: string[]) => void;
}

export function FilterBar(props: FilterBarProps) {
  return useIsPhone() ? <PhoneBar {...props} /> : <DeskBar {...props} />;
}

function DeskBar({ filters, sort, shown, onApply, onSort, onShow }: FilterBarProps) {
  return (
    <div className="filters">
      <SearchBox key={filters.q ?? ""} filters={filters} onApply={onApply} />
      <Chips filters={filters} onApply={onApply} />
      <Clear filters={filters} onApply={onApply} />
      <span className="sp" />
      <span className="row">
        <SortChip sort={sort} onSort={onSort} />
        <ColumnPicker shown={shown} onShow={onShow} />
        <ExportMenu filters={filters} sort={sort} />
      </span>
    </div>
  );
}

type ChipsProps = Pick<FilterBarProps, "filters" | "onApply">;

function Chips({ filters, onApply }: ChipsProps) {
  const chip = { filters, onChange: onApply };
  return (
    <>
      <StateChip {...chip} />
      <PhaseChip {...chip} />
      <ReceivedChip {...chip} />
      <DueDayChip {...chip} />
      <UnitChip {...chip} />
      <HandlerChip {...chip} />
      <CategoryChip {...chip} />
      <KindChip {...chip} />
      <ChannelChip {...chip} />
      <SatisfactionChip {...chip} />
      <MarkChip {...chip} />
      <LinkedChips {...chip} />
    </>
  );
}

function PhoneBar({ filters, sort, onApply, onSort }: FilterBarProps) {
  const { t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const count = Object.keys(filters).filter((name) => name !== "q").length;
  return (
    <>
      <div className="filters">
        <SearchBox key={filters.q ?? ""} filters={filters} onApply={onApply} />
        <button type="button" className="btn" onClick={() => setOpen(true)}>
          <Icon name="filter" small />
          {count > 0 ? <Trans>筛选（{count}）</Trans> : <Trans>筛选</Trans>}
        </button>
        <SortChip sort={sort} onSort={onSort} />
      </div>
      <Drawer open={isOpen} onClose={() => setOpen(false)} placement="bottom" size="large" title={t`筛选`}>
        <div className="filters" style={{ flexDirection: "column", alignItems: "stretch", gap: 12 }}>
          <Chips filters={filters} onApply={onApply} />
        </div>
        <div className="row" style={{ marginTop: 16 }}>
          <ExportMenu filters={filters} sort={sort} />
          <Clear filters={filters} onApply={onApply} />
          <span className="sp" />
          <button type="button" className="btn p" onClick={() => setOpen(false)}>
            <Trans>看结果</Trans>
          </button>
        </div>
      </Drawer>
    </>
  );
}

function SearchBox({ filters, onApply }: ChipsProps) {
  const { t } = useLingui();
  function find(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const q = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    onApply({ ...filters, q });
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser we serve
    <form className="fin" role="search" aria-label={t`在结果里找`} onSubmit={find}>
      <Icon name="search" small />
      <input
        type="search"
        name="q"
        data-search="page"
        defaultValue={filters.q}
        aria-label={t`在结果里找`}
        placeholder={t`在结果里找`}
        maxLength={100}
      />
    </form>
  );
}

function Clear({ filters, onApply }: ChipsProps) {
  if (Object.keys(filters).length === 0) return null;
  return (
    <button type="button" className="btn t" onClick={() => onApply({})}>
      <Trans>清除</Trans>
    </button>
  );
}

function SortChip({ sort, onSort }: Pick<FilterBarProps, "sort" | "onSort">) {
  const { t } = useLingui();
  const labels: Record<Sort, string> = {
    due_at: t`先到期的在前`,
    "-due_at": t`后到期的在前`,
    "-received_at": t`新收到的在前`,
    received_at: t`早收到的在前`,
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: [sort],
        items: SORTS.map((key) => ({ key, label: labels[key] })),
        onClick: ({ key }) => onSort(key as Sort),
      }}
    >
      <button type="button" className="fc" aria-haspopup="menu">
        <span className="vh">{t`排序`}</span>
        {labels[sort]}
        <Icon name="down" small />
      </button>
    </Dropdown>
  );
}

function ColumnPicker({ shown, onShow }: Pick<FilterBarProps, "shown" | "onShow">) {
  const { t } = useLingui();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        multiple: true,
        selectedKeys: shown,
        items: columns.map(({ id, label }) => ({ key: id, label: t(label) })),
        onSelect: ({ selectedKeys }) => onShow(selectedKeys),
        onDeselect: ({ selectedKeys }) => onShow(selectedKeys),
      }}
    >
      <button type="button" className="ib" aria-label={t`选择列`} aria-haspopup="menu">
        <Icon name="columns" />
      </button>
    </Dropdown>
  );
}
