import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api, api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { nameIn } from "../../shared/i18n";
import { addDays, today } from "../shared/due";
import { ifMatch } from "../shared/etag";
import { AreaField, Field, TextField } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { roleWords, wordFor } from "../shared/labels";
import { listOf } from "../shared/listOf";
import { MemberSelect } from "../shared/MemberSelect";
import { useMe } from "../shared/me";
import { Note } from "../shared/parts";
import { UnitSelect } from "../shared/UnitSelect";
import { useKeyFor } from "../shared/useKeyFor";
import { useSave } from "../shared/useSave";
import { COUNTY_ONLY, GRANTABLE, type Grantable, meanings, type RoleGrant } from "./words";

const textOf = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

function useLabels() {
  const { t } = useLingui();
  return {
    member_id: t({ message: "成员", context: "one" }),
    role: t`角色`,
    unit_id: t`单位`,
    starts_on: t`开始日期`,
    ends_on: t`结束日期`,
    reason: t`理由`,
  };
}

/** The longest that a deputy stands in, counting both days. */
const LONGEST_DEPUTY = 184;

interface DatesProps {
  error: unknown;
  isEndNeeded?: boolean;
  last?: string;
}

function Dates({ error, isEndNeeded = false, last }: DatesProps) {
  const { t } = useLingui();
  const labels = useLabels();
  const wrong = fieldErrors(error);
  return (
    <div className="two">
      <TextField
        id="grant-starts_on"
        name="starts_on"
        type="date"
        label={labels.starts_on}
        error={wrong.starts_on}
        hint={t`不填就是马上`}
        min={today()}
        isOptional
      />
      <TextField
        id="grant-ends_on"
        name="ends_on"
        type="date"
        label={labels.ends_on}
        error={wrong.ends_on}
        hint={isEndNeeded ? t`这一天还算` : t`这一天还算；没有期限就不填`}
        min={today()}
        max={last}
        isOptional={!isEndNeeded}
      />
    </div>
  );
}

const datesOf = (form: FormData) => ({
  ...(textOf(form, "starts_on") ? { starts_on: textOf(form, "starts_on") } : {}),
  ...(textOf(form, "ends_on") ? { ends_on: textOf(form, "ends_on") } : {}),
});

interface GrantFormProps {
  memberId: string | undefined;
  unitId: string | undefined;
  onClose: () => void;
  onSaved: () => void;
}

/** A role for a member: whom, what, where, how long, why. */
export function GrantForm({ memberId, unitId, onClose, onSaved }: GrantFormProps) {
  const { t } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const keyFor = useKeyFor();
  const me = useMe();
  const [member, setMember] = useState(memberId);
  const [unit, setUnit] = useState(unitId);
  const [role, setRole] = useState<Grantable>("handler");
  const wrong = fieldErrors(saving.error);
  const root = me?.region.id;
  const choose = (next: Grantable) => {
    setRole(next);
    // There is one place for these.
    if (COUNTY_ONLY.includes(next)) setUnit(root);
  };
  const save = (form: FormData) =>
    saving.save(async () => {
      const body = {
        member_id: member ?? "",
        role,
        unit_id: unit ?? "",
        reason: textOf(form, "reason"),
        ...datesOf(form),
      };
      await api.POST("/api/v1/role-grants", { params: { header: keyFor(body) }, body });
      onSaved();
    });
  return (
    <FormDrawer
      title={t`授予角色`}
      submit={<Trans>授予</Trans>}
      saving={saving}
      labels={labels}
      prefix="grant-"
      onSave={save}
      onClose={onClose}
    >
      <Field id="grant-member_id" label={labels.member_id} error={wrong.member_id}>
        <MemberSelect
          id="grant-member_id"
          label={labels.member_id}
          value={member}
          onChange={setMember}
          without={me?.member.id}
        />
      </Field>
      <fieldset className="fld roles" id="grant-role">
        <legend>{labels.role}</legend>
        {GRANTABLE.map((code) => (
          <label key={code} className={code === role ? "opt on" : "opt"}>
            <input
              type="radio"
              name="role"
              value={code}
              checked={code === role}
              onChange={() => choose(code)}
            />
            <span>
              <b>{t(wordFor(roleWords, code))}</b>
              <span className="m xs">{t(meanings[code].does)}</span>
              {code === role && (
                <span className="m xs">
                  <Trans>能看：{t(meanings[code].sees)}</Trans>
                </span>
              )}
            </span>
          </label>
        ))}
        {wrong.role && <p className="err">{wrong.role}</p>}
      </fieldset>
      <Field
        id="grant-unit_id"
        label={labels.unit_id}
        error={wrong.unit_id}
        hint={COUNTY_ONLY.includes(role) ? t`这个角色只设在教育局，管全县` : t`管到这个单位和它下面的单位`}
      >
        <UnitSelect id="grant-unit_id" label={labels.unit_id} value={unit} onChange={setUnit} />
      </Field>
      <Dates error={saving.error} />
      <AreaField
        id="grant-reason"
        name="reason"
        label={labels.reason}
        error={wrong.reason}
        hint={t`如：岗位调整、新学期分工`}
        maxLength={500}
        rows={2}
      />
      <Note>
        <Trans>授予后几秒内生效，对方不用重新登录。谁授予的、为什么，都记在日志里。</Trans>
      </Note>
    </FormDrawer>
  );
}

interface FormProps {
  grant: RoleGrant;
  onClose: () => void;
  onSaved: () => void;
  onRefresh: () => void;
}

/** Who stands in for the holder, and for how long. */
export function DeputyForm({ grant, onClose, onSaved, onRefresh }: FormProps) {
  const { t, i18n } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const keyFor = useKeyFor();
  const [member, setMember] = useState<string>();
  const wrong = fieldErrors(saving.error);
  const holder = nameIn(i18n.locale, grant.member);
  const role = t(wordFor(roleWords, grant.role));
  const save = (form: FormData) =>
    saving.save(async () => {
      const body = {
        member_id: member ?? "",
        ends_on: textOf(form, "ends_on"),
        reason: textOf(form, "reason"),
        ...(textOf(form, "starts_on") ? { starts_on: textOf(form, "starts_on") } : {}),
      };
      await api.POST("/api/v1/role-grants/{role_grant_id}/deputies", {
        params: { path: { role_grant_id: grant.id }, header: { ...ifMatch(grant), ...keyFor(body) } },
        body,
      });
      onSaved();
    });
  return (
    <FormDrawer
      title={t`为“${holder}”（${role}）指定代理人`}
      submit={<Trans>指定</Trans>}
      saving={saving}
      labels={{ ...labels, member_id: t`代理人` }}
      prefix="grant-"
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <Field id="grant-member_id" label={t`代理人`} error={wrong.member_id}>
        <MemberSelect
          id="grant-member_id"
          label={t`代理人`}
          value={member}
          onChange={setMember}
          without={grant.member.id}
        />
      </Field>
      <Dates error={saving.error} isEndNeeded last={addDays(today(), LONGEST_DEPUTY - 1)} />
      <AreaField
        id="grant-reason"
        name="reason"
        label={labels.reason}
        error={wrong.reason}
        hint={t`如：外出培训、年休假`}
        maxLength={500}
        rows={2}
      />
      <Note>
        <Trans>
          代理人办的，经过里写明“某某 代 {holder}”。{holder}自己经手的，代理人不能替他批；{holder}
          看不到的来件，代理人也看不到。{holder}的角色终止，代理也一起终止。
        </Trans>
      </Note>
    </FormDrawer>
  );
}

/** Ends a grant: what that means stands there before it is done. */
export function EndGrantForm({ grant, onClose, onSaved, onRefresh }: FormProps) {
  const { t, i18n } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const holder = nameIn(i18n.locale, grant.member);
  const role = t(wordFor(roleWords, grant.role));
  const unit = nameIn(i18n.locale, grant.unit);
  const deputies = useDeputies(grant);
  const save = (form: FormData) =>
    saving.save(async () => {
      await api.POST("/api/v1/role-grants/{role_grant_id}/end", {
        params: { path: { role_grant_id: grant.id }, header: ifMatch(grant) },
        body: { reason: textOf(form, "reason") },
      });
      onSaved();
    });
  const handles = grant.role === "handler" && grant.state === "in_force" && !grant.acting_for;
  return (
    <FormDrawer
      title={grant.acting_for ? t`终止“${holder}”的代理` : t`终止“${holder}”的角色`}
      submit={<Trans>马上终止</Trans>}
      saving={saving}
      labels={labels}
      prefix="grant-"
      isDanger
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <div style={{ marginBottom: 16 }}>
        <Note tone="so">
          <p>
            {grant.state === "future" ? (
              <Trans>
                {holder}不会再担任{unit}的{role}。
              </Trans>
            ) : (
              <Trans>
                几秒内，{holder}不再是{unit}的{role}，不用退出登录就没有这份权限了。
              </Trans>
            )}
          </p>
          {handles && (
            <p>
              <Trans>
                交给{holder}办的来件还在{holder}名下，不会自动转走：请单位负责人另外交办。
              </Trans>
            </p>
          )}
          {deputies.length > 0 && (
            <p>
              <Trans>代理也一起终止：{listOf(i18n.locale, deputies)}。</Trans>
            </p>
          )}
          <p>
            <Trans>以前办的、记的都留着。终止后不能恢复，可以重新授予。</Trans>
          </p>
        </Note>
      </div>
      <AreaField
        id="grant-reason"
        name="reason"
        label={labels.reason}
        error={fieldErrors(saving.error).reason}
        hint={grant.acting_for ? t`如：已经回来上班` : t`如：调离岗位`}
        maxLength={500}
        rows={2}
      />
    </FormDrawer>
  );
}

/** Who stands in for it now or later. */
function useDeputies(grant: RoleGrant): string[] {
  const { i18n } = useLingui();
  const query = { role_grant_id: grant.id, limit: 100 };
  const { data } = $api.useQuery("get", "/api/v1/role-grants", { params: { query } });
  return (data?.items ?? [])
    .filter(({ state }) => state !== "ended")
    .map(({ member }) => nameIn(i18n.locale, member));
}
