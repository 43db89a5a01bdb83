import { Trans, useLingui } from "@lingui/react/macro";
import { App, Drawer, Dropdown } from "antd";
import { type FormEvent, type ReactNode, useState } from "react";
import { copyText } from "../../../shared/copyText";
import { ExportMenu } from "../../shared/ExportMenu";
import {
  CategoryChip,
  ChannelChip,
  type ChipProps,
  DueDayChip,
  HandlerChip,
  KindChip,
  MarkChip,
  marks,
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
    <div className="filters told-in-print">
      <SearchBox key={filters.q ?? ""} filters={filters} onApply={onApply} />
      <FewChips filters={filters} onApply={onApply} />
      <Clear filters={filters} onApply={onApply} />
      <span className="row at-end">
        <SortChip sort={sort} isSearch={Boolean(filters.q)} onSort={onSort} />
        <ColumnPicker shown={shown} onShow={onShow} />
        <CopyLink />
      </span>
    </div>
  );
}

type ChipsProps = Pick<FilterBarProps, "filters" | "onApply">;

interface Narrowing {
  Chip: (props: ChipProps) => ReactNode;
  /** The filters that it holds. */
  names: readonly (keyof Filters)[];
  /** Those of which it holds that they are not so. */
  off?: readonly (keyof Filters)[];
}

/** What a list is narrowed by most. */
const USUAL: Narrowing[] = [
  { Chip: StateChip, names: ["state"] },
  { Chip: PhaseChip, names: ["phase"] },
  { Chip: ReceivedChip, names: ["received_from", "received_to"] },
  { Chip: UnitChip, names: ["unit_id"] },
  { Chip: CategoryChip, names: ["category_id", "has_category"] },
];
/** What is asked for now and then. */
const SELDOM: Narrowing[] = [
  { Chip: DueDayChip, names: ["due_from", "due_before"] },
  { Chip: HandlerChip, names: ["handler_id"], off: ["has_handler"] },
  { Chip: KindChip, names: ["kind"] },
  { Chip: ChannelChip, names: ["channel"] },
  { Chip: SatisfactionChip, names: ["satisfaction"], off: ["is_rated"] },
  { Chip: MarkChip, names: marks },
];

/** One line of chips: the seldom ones come when they are asked for, and stay while they hold something. */
function FewChips({ filters, onApply }: ChipsProps) {
  const [isAll, setAll] = useState(false);
  const seldom = SELDOM.filter(
    ({ names, off = [] }) =>
      isAll || names.some((name) => filters[name]) || off.some((name) => filters[name] === false),
  );
  return (
    <>
      <Chips filters={filters} onApply={onApply} seldom={seldom} />
      {seldom.length < SELDOM.length && (
        <button type="button" className="btn t" onClick={() => setAll(true)}>
          <Icon name="filter" small />
          <Trans>更多筛选</Trans>
        </button>
      )}
    </>
  );
}

function Chips({ filters, onApply, seldom = SELDOM }: ChipsProps & { seldom?: typeof SELDOM }) {
  const chip = { filters, onChange: onApply };
  return (
    <>
      {[...USUAL, ...seldom].map(({ Chip, names }) => (
        <Chip key={names[0]} {...chip} />
      ))}
      <LinkedChips {...chip} />
    </>
  );
}

/** The address says all of the list: whoever opens it sees what of it they may see. */
function CopyLink() {
  const { t } = useLingui();
  const { message } = App.useApp();
  const copy = async () => {
    if (await copyText(globalThis.location.href, null))
      void message.success(t`链接已复制，同事打开就是这个列表`);
    else void message.info(t`这里不能复制：地址栏里的网址就是这个列表`);
  };
  return (
    <button
      type="button"
      className="ib"
      aria-label={t`复制这个列表的链接`}
      title={t`复制这个列表的链接`}
      onClick={() => void copy()}
    >
      <Icon name="link" />
    </button>
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
        <SortChip sort={sort} isSearch={Boolean(filters.q)} onSort={onSort} />
      </div>
      <Drawer open={isOpen} onClose={() => setOpen(false)} placement="bottom" size="large" title={t`筛选`}>
        <div className="filters stacked">
          <Chips filters={filters} onApply={onApply} />
        </div>
        <div className="row" style={{ marginTop: 16 }}>
          <ExportMenu path="/api/v1/complaints/export" name={t`办件`} query={{ ...filters, sort }} />
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

interface SortChipProps extends Pick<FilterBarProps, "sort" | "onSort"> {
  isSearch: boolean;
}

function SortChip({ sort, isSearch, onSort }: SortChipProps) {
  const { t } = useLingui();
  const labels: Record<Sort, string> = {
    due_at: t`先到期的在前`,
    "-due_at": t`后到期的在前`,
    "-received_at": t`新收到的在前`,
    received_at: t`早收到的在前`,
    relevance: t`最相关的在前`,
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: [sort],
        items: SORTS.filter((key) => isSearch || key !== "relevance").map((key) => ({
          key,
          label: labels[key],
        })),
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
