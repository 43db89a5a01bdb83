import { useLingui } from "@lingui/react/macro";
import { nameIn } from "../../shared/i18n";
import { complaintKindLabels, satisfactionLabels } from "../../shared/labels";
import { CategorySelect, NONE, useCategories } from "./CategorySelect";
import { ChoiceChip, PanelChip } from "./Chip";
import { addDays, dayOf, startOf, today } from "./due";
import type { Filters } from "./filters";
import { channelWords, phaseWords, stateWords, type Words, wordFor } from "./labels";
import { ALL, ENDED, OPEN } from "./states";
import { UnitSelect, useUnit } from "./UnitSelect";

export interface ChipProps {
  filters: Filters;
  onChange: (next: Filters) => void;
}

function useOptions() {
  const { t } = useLingui();
  return (words: Words, codes: string[]) =>
    codes.map((code) => ({ value: code, label: t(wordFor(words, code)) }));
}

function isSameSet(some: string[] | undefined, all: string[]): boolean {
  return some?.length === all.length && all.every((code) => some.includes(code));
}

export function StateChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const options = useOptions();
  return (
    <ChoiceChip
      label={t`状态`}
      none={t`全部`}
      isMultiple
      options={options(stateWords, ALL)}
      shownAs={
        isSameSet(filters.state, OPEN) ? t`未办结` : isSameSet(filters.state, ENDED) ? t`已办结` : undefined
      }
      value={filters.state ?? []}
      onChange={(state) => onChange({ ...filters, state })}
    />
  );
}

export function PhaseChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const options = useOptions();
  return (
    <ChoiceChip
      label={t`时限`}
      none={t`全部`}
      isMultiple
      options={options(phaseWords, Object.keys(phaseWords))}
      value={filters.phase ?? []}
      onChange={(phase) => onChange({ ...filters, phase })}
    />
  );
}

export function KindChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const options = useOptions();
  return (
    <ChoiceChip
      label={t`种类`}
      none={t`全部`}
      isMultiple
      options={options(complaintKindLabels, Object.keys(complaintKindLabels))}
      value={filters.kind ?? []}
      onChange={(kind) => onChange({ ...filters, kind })}
    />
  );
}

export function ChannelChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const options = useOptions();
  return (
    <ChoiceChip
      label={t`渠道`}
      none={t`全部`}
      isMultiple
      options={options(channelWords, Object.keys(channelWords))}
      value={filters.channel ?? []}
      onChange={(channel) => onChange({ ...filters, channel })}
    />
  );
}

/** Who handles it: the reader, or nobody yet. Somebody else comes by a link and has a chip of their own. */
export function HandlerChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const isSomebody = filters.handler_id !== undefined && filters.handler_id !== "me";
  const value = filters.handler_id === "me" ? ["me"] : filters.has_handler === false ? ["none"] : [];
  if (isSomebody) return null;
  return (
    <ChoiceChip
      label={t`承办人`}
      none={t`全部`}
      options={[
        { value: "me", label: t`我` },
        { value: "none", label: t`未指定` },
      ]}
      value={value}
      onChange={([who]) =>
        onChange({
          ...filters,
          handler_id: who === "me" ? "me" : undefined,
          has_handler: who === "none" ? false : undefined,
        })
      }
    />
  );
}

const LEVELS = ["5", "4", "3", "2", "1"];
const UNRATED = "unrated";

/** What the complainants think of the answer, or that they did not say. */
export function SatisfactionChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const options = LEVELS.map((level) => ({
    value: level,
    label: t(satisfactionLabels[Number(level)] ?? { id: level }),
  }));
  const isUnrated = filters.is_rated === false;
  return (
    <ChoiceChip
      label={t`满意度`}
      none={t`全部`}
      isMultiple
      options={[...options, { value: UNRATED, label: t`未评价` }]}
      value={isUnrated ? [UNRATED] : (filters.satisfaction ?? [])}
      onChange={(chosen) => {
        // Who did not rate gave no level: the one choice takes the place of the others.
        const isNow = chosen.includes(UNRATED) && !isUnrated;
        const satisfaction = isNow ? [] : chosen.filter((level) => level !== UNRATED);
        onChange({ ...filters, satisfaction, is_rated: isNow ? false : undefined });
      }}
    />
  );
}

/** By when it is due: days, which the API takes as instants. */
export function DueDayChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const from = filters.due_from && dayOf(filters.due_from);
  const to = filters.due_before && addDays(dayOf(filters.due_before), -1);
  const set = (first?: string, last?: string) =>
    onChange({
      ...filters,
      due_from: first && startOf(first),
      due_before: last && startOf(addDays(last, 1)),
    });
  const shown = from && to ? t`${from}至${to}` : from ? t`${from}起` : to ? t`到${to}` : "";
  return (
    <PanelChip label={t`到期日`} none={t`不限`} shown={shown} onClear={() => set()}>
      {() => (
        <div style={{ display: "grid", gap: 8 }}>
          <DayInput label={t`从`} value={from} onChange={(day) => set(day, to)} />
          <DayInput label={t`到`} value={to} onChange={(day) => set(from, day)} />
          <div className="row">
            <button type="button" className="btn sm" onClick={() => set(today(), today())}>{t`今天`}</button>
            <button type="button" className="btn sm" onClick={() => set(today(), addDays(today(), 7))}>
              {t`7天内`}
            </button>
          </div>
        </div>
      )}
    </PanelChip>
  );
}

export function UnitChip({ filters, onChange }: ChipProps) {
  const { t, i18n } = useLingui();
  const unit = useUnit(filters.unit_id);
  const shown = filters.unit_id ? (unit ? nameIn(i18n.locale, unit) : "…") : "";
  return (
    <PanelChip
      label={t`单位`}
      none={t`全部`}
      shown={shown}
      onClear={() => onChange({ ...filters, unit_id: undefined, unit_only: undefined })}
    >
      {(close) => (
        <UnitSelect
          label={t`单位`}
          value={filters.unit_id}
          onChange={(unit_id) => {
            onChange({ ...filters, unit_id, unit_only: undefined });
            close();
          }}
        />
      )}
    </PanelChip>
  );
}

/** A category with those below it, or the cases that have none. */
export function CategoryChip({ filters, onChange }: ChipProps) {
  const { t, i18n } = useLingui();
  const categories = useCategories(filters.category_id !== undefined);
  const set = (next: Pick<Filters, "category_id" | "has_category">) =>
    onChange({
      ...filters,
      category_id: undefined,
      category_only: undefined,
      has_category: undefined,
      ...next,
    });
  const chosen = categories.find(({ id }) => id === filters.category_id);
  const shown = filters.category_id
    ? chosen
      ? nameIn(i18n.locale, chosen)
      : "…"
    : filters.has_category === false
      ? t`未分类`
      : filters.has_category
        ? t`已分类`
        : "";
  return (
    <PanelChip label={t`分类`} none={t`全部`} shown={shown} onClear={() => set({})}>
      {(close) => (
        <CategorySelect
          label={t`分类`}
          value={filters.has_category === false ? NONE : filters.category_id}
          onChange={(id) => {
            set(id === NONE ? { has_category: false } : { category_id: id });
            close();
          }}
        />
      )}
    </PanelChip>
  );
}

export const marks = [
  "is_emergency",
  "is_supervised",
  "is_redone",
  "is_extension_asked",
  "is_anonymous",
] as const;
type Mark = (typeof marks)[number];

export function useMarkWords(): Record<Mark, string> {
  const { t } = useLingui();
  return {
    is_emergency: t`紧急`,
    is_supervised: t`督办中`,
    is_redone: t`重办`,
    is_extension_asked: t`等批延期`,
    is_anonymous: t`匿名`,
  };
}

/** What is out of the ordinary about a case. */
export function MarkChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const words = useMarkWords();
  return (
    <ChoiceChip
      label={t`标记`}
      none={t`不限`}
      isMultiple
      options={marks.map((mark) => ({ value: mark, label: words[mark] }))}
      value={marks.filter((mark) => filters[mark])}
      onChange={(chosen) => {
        const next = { ...filters };
        // "Without" comes by a link and has a chip of its own.
        for (const mark of marks)
          next[mark] = chosen.includes(mark) || (next[mark] === false ? false : undefined);
        onChange(next);
      }}
    />
  );
}

export function ReceivedChip({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const { received_from: from, received_to: to } = filters;
  const set = (received_from?: string, received_to?: string) =>
    onChange({ ...filters, received_from, received_to });
  const last = (days: number) => set(addDays(today(), -days), undefined);
  const shown = from && to ? t`${from}至${to}` : from ? t`${from}起` : to ? t`到${to}` : "";
  return (
    <PanelChip label={t`收到`} none={t`不限`} shown={shown} onClear={() => set()}>
      {() => (
        <div style={{ display: "grid", gap: 8 }}>
          <DayInput label={t`从`} value={from} onChange={(day) => set(day, to)} />
          <DayInput label={t`到`} value={to} onChange={(day) => set(from, day)} />
          <div className="row">
            <button type="button" className="btn sm" onClick={() => last(30)}>{t`近30天`}</button>
            <button type="button" className="btn sm" onClick={() => last(60)}>{t`近60天`}</button>
            <button type="button" className="btn sm" onClick={() => last(365)}>{t`近一年`}</button>
          </div>
        </div>
      )}
    </PanelChip>
  );
}

function DayInput({ label, value, onChange }: DayInputProps) {
  return (
    <label className="row">
      <span className="m" style={{ width: 32 }}>
        {label}
      </span>
      <input
        type="date"
        className="inp"
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
    </label>
  );
}

interface DayInputProps {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}
