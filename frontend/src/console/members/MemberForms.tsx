import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { nameIn } from "../../shared/i18n";
import { ifMatch } from "../shared/etag";
import { AreaField, Field, TextField } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { Note } from "../shared/parts";
import { UnitSelect } from "../shared/UnitSelect";
import { useKeyFor } from "../shared/useKeyFor";
import { useSave } from "../shared/useSave";

export type Member = Schemas["Member"];

interface FormProps {
  member: Member;
  onClose: () => void;
  onSaved: () => void;
  onRefresh: () => void;
}

const TEXTS = ["staff_number", "name_en", "reading", "post", "post_en"] as const;
const textOf = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

function useLabels() {
  const { t } = useLingui();
  return {
    unit_id: t`单位`,
    staff_number: t`工号`,
    name: t`姓名`,
    name_en: t`英文名`,
    reading: t`读音`,
    post: t`岗位`,
    post_en: t`岗位英文名`,
    branch_id: t`党支部`,
    is_party_member: t`党员`,
    reason: t`理由`,
  };
}

interface FieldsProps {
  member?: Member;
  error: unknown;
  branch: string | undefined;
  onBranch: (id: string | undefined) => void;
}

function MemberFields({ member, error, branch, onBranch }: FieldsProps) {
  const { t } = useLingui();
  const labels = useLabels();
  const wrong = fieldErrors(error);
  const field = (name: "name" | (typeof TEXTS)[number]) => ({
    id: `member-${name}`,
    name,
    label: labels[name],
    error: wrong[name],
    defaultValue: member?.[name] ?? "",
    isOptional: name !== "name",
  });
  return (
    <>
      <div className="two">
        <TextField {...field("name")} maxLength={50} autoComplete="off" />
        <TextField {...field("name_en")} lang="en" maxLength={100} autoComplete="off" />
        <TextField {...field("post")} maxLength={50} />
        <TextField {...field("post_en")} lang="en" maxLength={100} />
        <TextField {...field("staff_number")} maxLength={32} hint={t`导入时按它认人`} autoComplete="off" />
        <TextField
          {...field("reading")}
          maxLength={200}
          hint={t`打拼音找不到时才填，如单雄：shan xiong`}
          autoComplete="off"
        />
      </div>
      <Field id="member-branch_id" label={labels.branch_id} error={wrong.branch_id} isOptional>
        <UnitSelect
          id="member-branch_id"
          label={labels.branch_id}
          kind="branch"
          value={branch}
          onChange={onBranch}
          isClearable
        />
      </Field>
      <label className="row">
        <input type="checkbox" name="is_party_member" defaultChecked={member?.is_party_member} />
        {labels.is_party_member}
      </label>
    </>
  );
}

const bodyOf = (form: FormData, branch: string | undefined) => ({
  name: textOf(form, "name"),
  ...Object.fromEntries(TEXTS.map((name) => [name, textOf(form, name) || null])),
  branch_id: branch ?? null,
  is_party_member: form.get("is_party_member") === "on",
});

interface CreateProps {
  unitId: string | undefined;
  onClose: () => void;
  onSaved: () => void;
}

export function CreateMemberForm({ unitId, onClose, onSaved }: CreateProps) {
  const { t } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const [unit, setUnit] = useState(unitId);
  const [branch, setBranch] = useState<string>();
  const keyFor = useKeyFor();
  const save = (form: FormData) =>
    saving.save(async () => {
      const body = { unit_id: unit ?? "", ...bodyOf(form, branch) };
      await api.POST("/api/v1/members", { params: { header: keyFor(body) }, body });
      onSaved();
    });
  return (
    <FormDrawer
      title={t`新增成员`}
      submit={<Trans>新增</Trans>}
      saving={saving}
      labels={labels}
      prefix="member-"
      onSave={save}
      onClose={onClose}
    >
      <Field id="member-unit_id" label={labels.unit_id} error={fieldErrors(saving.error).unit_id}>
        <UnitSelect id="member-unit_id" label={labels.unit_id} value={unit} onChange={setUnit} />
      </Field>
      <MemberFields error={saving.error} branch={branch} onBranch={setBranch} />
    </FormDrawer>
  );
}

export function EditMemberForm({ member, onClose, onSaved, onRefresh }: FormProps) {
  const { t } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const [branch, setBranch] = useState(member.branch?.id);
  const save = (form: FormData) =>
    saving.save(async () => {
      await api.PATCH("/api/v1/members/{member_id}", {
        params: { path: { member_id: member.id }, header: ifMatch(member) },
        body: bodyOf(form, branch),
      });
      onSaved();
    });
  return (
    <FormDrawer
      title={t`修改成员`}
      submit={<Trans>保存</Trans>}
      saving={saving}
      labels={labels}
      prefix="member-"
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <MemberFields member={member} error={saving.error} branch={branch} onBranch={setBranch} />
    </FormDrawer>
  );
}

export function MoveMemberForm({ member, onClose, onSaved, onRefresh }: FormProps) {
  const { t, i18n } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const [unit, setUnit] = useState<string | undefined>(member.unit.id);
  const save = () =>
    saving.save(async () => {
      await api.POST("/api/v1/members/{member_id}/move", {
        params: { path: { member_id: member.id }, header: ifMatch(member) },
        body: { unit_id: unit ?? "" },
      });
      onSaved();
    });
  return (
    <FormDrawer
      title={t`调动“${nameIn(i18n.locale, member)}”`}
      submit={<Trans>调动</Trans>}
      saving={saving}
      labels={labels}
      prefix="member-"
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <div style={{ marginBottom: 16 }}>
        <Note tone="so">
          <Trans>在原单位承办的件不会跟着走，请先交给别人。</Trans>
        </Note>
      </div>
      <Field id="member-unit_id" label={t`到哪个单位`} error={fieldErrors(saving.error).unit_id}>
        <UnitSelect id="member-unit_id" label={t`到哪个单位`} value={unit} onChange={setUnit} />
      </Field>
    </FormDrawer>
  );
}

export function CloseMemberForm({ member, onClose, onSaved, onRefresh }: FormProps) {
  const { t, i18n } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const save = (form: FormData) =>
    saving.save(async () => {
      await api.POST("/api/v1/members/{member_id}/close", {
        params: { path: { member_id: member.id }, header: ifMatch(member) },
        body: { reason: textOf(form, "reason") },
      });
      onSaved();
    });
  return (
    <FormDrawer
      title={t`“${nameIn(i18n.locale, member)}”离任`}
      submit={<Trans>记为离任</Trans>}
      saving={saving}
      labels={labels}
      prefix="member-"
      isDanger
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <div style={{ marginBottom: 16 }}>
        <Note tone="so">
          <Trans>账号马上不能登录，手上的件要另外交给别人。以前的记录都留着，名字也在。</Trans>
        </Note>
      </div>
      <AreaField
        id="member-reason"
        name="reason"
        label={labels.reason}
        error={fieldErrors(saving.error).reason}
        hint={t`如：退休、调出本县`}
        maxLength={500}
      />
    </FormDrawer>
  );
}
