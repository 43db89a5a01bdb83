import { useLingui } from "@lingui/react/macro";
import type { FormEvent } from "react";
import { nameIn } from "../../shared/i18n";
import { ChoiceChip } from "../shared/Chip";
import { UnitChip } from "../shared/FilterChips";
import { Icon } from "../shared/Icon";
import { roleWords, wordFor } from "../shared/labels";
import { useMember } from "../shared/MemberSelect";
import { ALL, type GrantList, NOW } from "./useRoleGrants";
import { GRANTABLE, stateWords } from "./words";

/** What the list is narrowed down to; all of it stands in the address bar. */
export function GrantFilters({ list }: { list: GrantList }) {
  const { t } = useLingui();
  const { shown, show } = list;
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    show({ q: String(new FormData(event.currentTarget).get("q") ?? "").trim() });
  };
  const state = shown.state ?? NOW;
  return (
    <div className="filters">
      {/* biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser we serve */}
      <form
        className="fin"
        role="search"
        style={{ width: 240 }}
        onSubmit={find}
        key={shown.q ?? ""}
        aria-label={t`按姓名找角色`}
      >
        <Icon name="search" small />
        <input
          type="search"
          name="q"
          data-search="page"
          maxLength={100}
          defaultValue={shown.q}
          aria-label={t`按姓名找角色`}
          placeholder={t`姓名，按Enter`}
        />
      </form>
      <ChoiceChip
        label={t`状态`}
        none={t`全部`}
        options={Object.entries(stateWords).map(([value, label]) => ({ value, label: t(label) }))}
        value={state === ALL ? [] : [state]}
        onChange={([next]) => show({ state: next ?? ALL })}
      />
      <ChoiceChip
        label={t`角色`}
        none={t`全部`}
        options={GRANTABLE.map((role) => ({ value: role, label: t(wordFor(roleWords, role)) }))}
        value={shown.role ? [shown.role] : []}
        onChange={([role]) => show({ role })}
      />
      <UnitChip filters={{ unit_id: shown.unit_id }} onChange={({ unit_id }) => show({ unit_id })} />
      <ChoiceChip
        label={t`代理`}
        none={t`全部`}
        options={[
          { value: "true", label: t`只看代理` },
          { value: "false", label: t`不看代理` },
        ]}
        value={shown.is_deputy ? [shown.is_deputy] : []}
        onChange={([is_deputy]) => show({ is_deputy })}
      />
      <MemberChip list={list} />
      {shown.role_grant_id && (
        <ChoiceChip
          label={t`代理谁`}
          none=""
          options={[{ value: "on", label: t`指定的一项` }]}
          value={["on"]}
          onChange={() => show({ role_grant_id: undefined })}
        />
      )}
    </div>
  );
}

/** One member's roles: where a link from the page of members leads. */
function MemberChip({ list }: { list: GrantList }) {
  const { t, i18n } = useLingui();
  const member = useMember(list.shown.member_id);
  if (!list.shown.member_id) return null;
  return (
    <ChoiceChip
      label={t({ message: "成员", context: "one" })}
      none=""
      options={[{ value: "on", label: member ? nameIn(i18n.locale, member) : "…" }]}
      value={["on"]}
      onChange={() => list.show({ member_id: undefined })}
    />
  );
}
