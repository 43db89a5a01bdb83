import { Trans, useLingui } from "@lingui/react/macro";
import { ChoiceChip, PanelChip } from "../shared/Chip";
import { addDays, today } from "../shared/due";
import { UnitChip } from "../shared/FilterChips";
import { type Words, wordFor } from "../shared/labels";
import { type CardFilters, queryOf } from "./filters";
import { cardStateWords, cardWords } from "./words";

interface CardFilterBarProps {
  filters: CardFilters;
  onChange: (next: CardFilters) => void;
}

export function CardFilterBar({ filters, onChange }: CardFilterBarProps) {
  const { t } = useLingui();
  const options = (words: Words) =>
    Object.keys(words).map((code) => ({ value: code, label: t(wordFor(words, code)) }));
  const { unit_id, unit_only } = filters;
  return (
    <div className="filters">
      <ChoiceChip
        label={t`哪种`}
        none={t`全部`}
        isMultiple
        options={options(cardWords)}
        value={filters.kind ?? []}
        onChange={(kind) => onChange({ ...filters, kind })}
      />
      <ChoiceChip
        label={t`状态`}
        none={t`全部`}
        isMultiple
        options={options(cardStateWords)}
        value={filters.state ?? []}
        onChange={(state) => onChange({ ...filters, state })}
      />
      <UnitChip
        filters={{ unit_id, unit_only }}
        onChange={(next) => onChange({ ...filters, unit_id: next.unit_id, unit_only: next.unit_only })}
      />
      {unit_id && unit_only && (
        <ChoiceChip
          label={t`下属单位`}
          none=""
          options={[{ value: "on", label: t`不含` }]}
          value={["on"]}
          onChange={() => onChange({ ...filters, unit_only: undefined })}
        />
      )}
      <GivenChip filters={filters} onChange={onChange} />
      {Object.keys(queryOf(filters)).length > 0 && (
        <button type="button" className="btn sm" onClick={() => onChange({})}>
          <Trans>清除条件</Trans>
        </button>
      )}
    </div>
  );
}

function GivenChip({ filters, onChange }: CardFilterBarProps) {
  const { t } = useLingui();
  const { given_from: from, given_to: to } = filters;
  const set = (given_from?: string, given_to?: string) => onChange({ ...filters, given_from, given_to });
  const shown = from && to ? t`${from}至${to}` : from ? t`${from}起` : to ? t`到${to}` : "";
  const year = today().slice(0, 4);
  const day = (label: string, value: string | undefined, change: (day?: string) => void) => (
    <label className="row">
      <span className="m" style={{ width: 32 }}>
        {label}
      </span>
      <input
        type="date"
        className="inp"
        value={value ?? ""}
        onChange={(event) => change(event.target.value || undefined)}
      />
    </label>
  );
  return (
    <PanelChip label={t`给出`} none={t`不限`} shown={shown} onClear={() => set()}>
      {() => (
        <div style={{ display: "grid", gap: 8 }}>
          {day(t`从`, from, (value) => set(value, to))}
          {day(t`到`, to, (value) => set(from, value))}
          <div className="row">
            <button
              type="button"
              className="btn sm"
              onClick={() => set(addDays(today(), -30))}
            >{t`近30天`}</button>
            <button type="button" className="btn sm" onClick={() => set(`${year}-01-01`)}>{t`今年`}</button>
          </div>
        </div>
      )}
    </PanelChip>
  );
}
