import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer, Select } from "antd";
import { type FormEvent, useState } from "react";
import { $api } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ChoiceChip, PanelChip } from "../shared/Chip";
import { addDays, today } from "../shared/due";
import { Icon } from "../shared/Icon";
import { listOf } from "../shared/listOf";
import { useMay, useMe } from "../shared/me";
import { useDebounced } from "../shared/useDebounced";
import { useIsPhone } from "../shared/useMedia";
import type { LogFilters } from "./filters";
import { useSubject } from "./subject";
import type { LogEvent } from "./useLog";
import {
  type Action,
  type ActorKind,
  actionsOf,
  actionWords,
  actorWords,
  type SubjectKind,
  subjectWords,
} from "./words";

interface FilterProps {
  filters: LogFilters;
  /** What is shown: names of who and what the list is narrowed down to are taken from it. */
  items: LogEvent[];
  onApply: (filters: LogFilters) => void;
}

export function EventFilters(props: FilterProps) {
  return useIsPhone() ? <PhoneBar {...props} /> : <DeskBar {...props} />;
}

function DeskBar(props: FilterProps) {
  return (
    <div className="filters told-in-print">
      <SearchBox key={props.filters.q ?? ""} {...props} />
      <Chips {...props} />
      <Clear {...props} />
    </div>
  );
}

function Chips(props: FilterProps) {
  return (
    <>
      <ActionChip {...props} />
      <KindChip {...props} />
      <ActorChip {...props} />
      <DayChip {...props} />
      <SubjectChip {...props} />
      <PrincipalChip {...props} />
    </>
  );
}

function PhoneBar(props: FilterProps) {
  const { t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const count = Object.keys(props.filters).filter((name) => name !== "q").length;
  return (
    <>
      <div className="filters">
        <SearchBox key={props.filters.q ?? ""} {...props} />
        <button type="button" className="btn" onClick={() => setOpen(true)}>
          <Icon name="filter" small />
          {count > 0 ? <Trans>筛选（{count}）</Trans> : <Trans>筛选</Trans>}
        </button>
      </div>
      <Drawer open={isOpen} onClose={() => setOpen(false)} placement="bottom" size="large" title={t`筛选`}>
        <div className="filters" style={{ flexDirection: "column", alignItems: "stretch", gap: 12 }}>
          <Chips {...props} />
        </div>
        <div className="row" style={{ marginTop: 16 }}>
          <Clear {...props} />
          <span className="sp" />
          <button type="button" className="btn p" onClick={() => setOpen(false)}>
            <Trans>看结果</Trans>
          </button>
        </div>
      </Drawer>
    </>
  );
}

/** By number or name. Who is told of no case searches by name: the number would find nothing. */
function SearchBox({ filters, onApply }: FilterProps) {
  const { t } = useLingui();
  const isToldOfCases = useMe()?.roles.includes("inspector");
  const label = t`在日志里找`;
  function find(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const q = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    onApply({ ...filters, q });
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser we serve
    <form className="fin" role="search" aria-label={label} onSubmit={find}>
      <Icon name="search" small />
      <input
        type="search"
        name="q"
        data-search="page"
        defaultValue={filters.q}
        aria-label={label}
        placeholder={isToldOfCases ? t`办理编号，或姓名全名` : t`姓名全名`}
        maxLength={100}
      />
    </form>
  );
}

function Clear({ filters, onApply }: FilterProps) {
  if (Object.keys(filters).length === 0) return null;
  return (
    <button type="button" className="btn t" onClick={() => onApply({})}>
      <Trans>清除</Trans>
    </button>
  );
}

/** One or several of some sixty actions, by what they are done to. */
function ActionChip({ filters, onApply }: FilterProps) {
  const { t, i18n } = useLingui();
  const chosen = filters.action ?? [];
  const words = chosen.map((code) => t(actionWords[code as Action] ?? { id: code, message: code }));
  const count = words.length;
  const shown = count > 2 ? t`${count}项` : listOf(i18n.locale, words);
  const kinds = (Object.keys(subjectWords) as SubjectKind[]).filter(
    (kind) => !filters.subject_kind || kind === filters.subject_kind,
  );
  return (
    <PanelChip
      label={t`动作`}
      none={t`全部`}
      shown={shown}
      onClear={() => onApply({ ...filters, action: [] })}
    >
      {() => (
        <Select
          mode="multiple"
          aria-label={t`动作`}
          value={chosen}
          onChange={(action: string[]) => onApply({ ...filters, action })}
          placeholder={t`输入或选择，可以选几项`}
          style={{ width: "100%" }}
          listHeight={320}
          showSearch={{ optionFilterProp: "label" }}
          options={kinds.map((kind) => ({
            label: t(subjectWords[kind]),
            options: actionsOf(kind).map((action) => ({ value: action, label: t(actionWords[action]) })),
          }))}
        />
      )}
    </PanelChip>
  );
}

function KindChip({ filters, onApply }: FilterProps) {
  const { t } = useLingui();
  const kinds = Object.keys(subjectWords) as SubjectKind[];
  return (
    <ChoiceChip
      label={t({ message: "对象", context: "log" })}
      none={t`全部`}
      options={kinds.map((kind) => ({ value: kind, label: t(subjectWords[kind]) }))}
      value={filters.subject_kind ? [filters.subject_kind] : []}
      // An action of another kind of thing would leave nothing.
      onChange={([kind]) =>
        onApply({
          ...filters,
          subject_kind: kind,
          action: kind ? filters.action?.filter((action) => action.startsWith(`${kind}.`)) : filters.action,
        })
      }
    />
  );
}

/** A kind of actor, or one member; whoever may look members up finds them by name. */
function ActorChip({ filters, items, onApply }: FilterProps) {
  const { t, i18n } = useLingui();
  const maySearch = useMay()("members.list");
  const kinds = Object.keys(actorWords) as ActorKind[];
  const known = items.find(({ by }) => by?.id === filters.actor_id)?.by;
  const named = useMember(filters.actor_id, known !== undefined);
  const member = known ?? named;
  const kind = filters.actor_kind as ActorKind | undefined;
  const shown = filters.actor_id
    ? member
      ? nameIn(i18n.locale, member)
      : t`选中的人`
    : kind
      ? t(actorWords[kind] ?? { id: kind, message: kind })
      : "";
  const set = (next: Pick<LogFilters, "actor_id" | "actor_kind">) =>
    onApply({ ...filters, actor_id: undefined, actor_kind: undefined, ...next });
  return (
    <PanelChip
      label={t({ message: "谁", context: "log" })}
      none={t`全部`}
      shown={shown}
      onClear={() => set({})}
    >
      {(close) => (
        <div style={{ display: "grid", gap: 12 }}>
          <div className="row">
            {kinds.map((code) => (
              <button
                key={code}
                type="button"
                className="btn sm"
                aria-pressed={kind === code}
                onClick={() => {
                  set({ actor_kind: code });
                  close();
                }}
              >
                {t(actorWords[code])}
              </button>
            ))}
          </div>
          {maySearch ? (
            <MemberSelect
              onChange={(actor_id) => {
                set({ actor_id });
                close();
              }}
            />
          ) : (
            <p className="hint">
              <Trans>要看某个人做的事，在其中一条里点“只看这个人做的”。</Trans>
            </p>
          )}
        </div>
      )}
    </PanelChip>
  );
}

function MemberSelect({ onChange }: { onChange: (id: string) => void }) {
  const { t, i18n } = useLingui();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim());
  const found = $api.useQuery(
    "get",
    "/api/v1/members",
    { params: { query: { limit: 20, include_closed: true, ...(q ? { q } : {}) } } },
    { enabled: q !== "" },
  );
  return (
    <Select
      aria-label={t`按姓名找成员`}
      placeholder={t`按姓名找成员`}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onChange={onChange}
      style={{ width: "100%" }}
      notFoundContent={found.isFetching ? t`正在找…` : q ? t`没有找到成员` : t`输入姓名`}
      options={(found.data?.items ?? []).map((member) => ({
        value: member.id,
        label: `${nameIn(i18n.locale, member)}　${nameIn(i18n.locale, member.unit)}`,
      }))}
    />
  );
}

/** A member whose name is on no row; only for who may look members up. */
function useMember(id: string | undefined, isKnown: boolean) {
  const may = useMay()("members.list");
  const query = { params: { path: { member_id: id ?? "" } } };
  const isWanted = Boolean(id) && !isKnown && may;
  return $api.useQuery("get", "/api/v1/members/{member_id}", query, { enabled: isWanted, staleTime: 300_000 })
    .data;
}

function DayChip({ filters, onApply }: FilterProps) {
  const { t, i18n } = useLingui();
  const { from, to } = filters;
  const set = (next: Pick<LogFilters, "from" | "to">) =>
    onApply({ ...filters, from: undefined, to: undefined, ...next });
  const day = (value: string) => formatWhen(value, i18n.locale);
  const [first, last] = [from ? day(from) : "", to ? day(to) : ""];
  const shown =
    from && to ? (from === to ? first : t`${first}至${last}`) : from ? t`${first}起` : to ? t`到${last}` : "";
  const lastDays = (days: number) => set({ from: addDays(today(), 1 - days) });
  return (
    <PanelChip label={t`日期`} none={t`不限`} shown={shown} onClear={() => set({})}>
      {() => (
        <div style={{ display: "grid", gap: 8 }}>
          <DayInput label={t`从`} value={from} onChange={(value) => set({ from: value, to })} />
          <DayInput label={t`到`} value={to} onChange={(value) => set({ from, to: value })} />
          <div className="row">
            <button type="button" className="btn sm" onClick={() => lastDays(1)}>{t`今天`}</button>
            <button type="button" className="btn sm" onClick={() => lastDays(7)}>{t`近7天`}</button>
            <button type="button" className="btn sm" onClick={() => lastDays(30)}>{t`近30天`}</button>
          </div>
        </div>
      )}
    </PanelChip>
  );
}

interface DayInputProps {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
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

/** One thing: set beside an event, shown so that nobody wonders why the list is short. */
function SubjectChip({ filters, items, onApply }: FilterProps) {
  const { t } = useLingui();
  const subjectOf = useSubject();
  if (!filters.subject_id) return null;
  const known = items.find(({ subject }) => subject.id === filters.subject_id);
  const label = known ? subjectOf(known).label : t`选中的一件`;
  return (
    <ChoiceChip
      label={t`只看`}
      none=""
      options={[{ value: "on", label }]}
      value={["on"]}
      onChange={() => onApply({ ...filters, subject_id: undefined })}
    />
  );
}

/** Somebody in whose place others acted. */
function PrincipalChip({ filters, items, onApply }: FilterProps) {
  const { t, i18n } = useLingui();
  if (!filters.acting_for_id) return null;
  const known = items.find(({ acting_for }) => acting_for?.id === filters.acting_for_id)?.acting_for;
  return (
    <ChoiceChip
      label={t({ message: "代谁", context: "log" })}
      none=""
      options={[{ value: "on", label: known ? nameIn(i18n.locale, known) : t`选中的人` }]}
      value={["on"]}
      onChange={() => onApply({ ...filters, acting_for_id: undefined })}
    />
  );
}
