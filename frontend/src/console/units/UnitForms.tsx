import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { nameIn } from "../../shared/i18n";
import { unitKindLabels } from "../../shared/labels";
import { ifMatch } from "../shared/etag";
import { AreaField, Field, TextField } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { Note } from "../shared/parts";
import { UnitSelect } from "../shared/UnitSelect";
import { useKeyFor } from "../shared/useKeyFor";
import { useSave } from "../shared/useSave";
import type { Unit } from "./useUnits";

interface FormProps {
  unit: Unit;
  onClose: () => void;
  onSaved: (unit: Unit) => void;
  onRefresh: () => void;
}

const OPTIONAL = ["code", "name_en", "reading", "head", "hotline", "address", "opening_hours"] as const;

function useLabels() {
  const { t } = useLingui();
  return {
    kind: t`类型`,
    code: t`单位编码`,
    name: t`名称`,
    name_en: t`英文名`,
    reading: t`读音`,
    head: t`负责人`,
    hotline: t`公开电话`,
    address: t`地址`,
    opening_hours: t`开放时间`,
    parent_id: t`上级单位`,
    reason: t`理由`,
  };
}

const textOf = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

/** Empty means: there is none. */
function optionalOf(form: FormData) {
  const texts = OPTIONAL.map((name) => [name, textOf(form, name) || null] as const);
  return Object.fromEntries(texts) as Record<(typeof OPTIONAL)[number], string | null>;
}

/** The fields that creating and editing share; the texts belong to the page, so a refusal keeps them. */
function UnitFields({ unit, error }: { unit?: Unit; error: unknown }) {
  const { t } = useLingui();
  const labels = useLabels();
  const wrong = fieldErrors(error);
  const field = (name: "name" | (typeof OPTIONAL)[number]) => ({
    id: `unit-${name}`,
    name,
    label: labels[name],
    error: wrong[name],
    defaultValue: unit?.[name] ?? "",
    isOptional: name !== "name",
  });
  return (
    <>
      <TextField {...field("name")} maxLength={100} />
      <TextField {...field("name_en")} lang="en" maxLength={200} />
      <TextField {...field("reading")} maxLength={200} hint={t`打拼音找不到它时才填，如单县：shan xian`} />
      <TextField {...field("code")} maxLength={32} hint={t`如学校标识码；导入时按它认单位`} />
      <div className="two">
        <TextField {...field("head")} maxLength={50} />
        <TextField {...field("hotline")} inputMode="tel" maxLength={30} hint={t`群众看得到`} />
      </div>
      <TextField {...field("address")} maxLength={200} />
      <TextField {...field("opening_hours")} maxLength={100} placeholder={t`如：工作日8:30至17:30`} />
    </>
  );
}

export function CreateUnitForm({ unit: parent, onClose, onSaved }: Omit<FormProps, "onRefresh">) {
  const { t, i18n } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const kinds = Object.keys(unitKindLabels) as Schemas["OrgUnitKind"][];
  const keyFor = useKeyFor();
  const save = (form: FormData) =>
    saving.save(async () => {
      const body = {
        parent_id: parent.id,
        kind: textOf(form, "kind") as Schemas["OrgUnitKind"],
        name: textOf(form, "name"),
        ...optionalOf(form),
      };
      const { data } = await api.POST("/api/v1/units", { params: { header: keyFor(body) }, body });
      if (data) onSaved(data);
    });
  return (
    <FormDrawer
      title={t`在“${nameIn(i18n.locale, parent)}”下新建`}
      submit={<Trans>新建</Trans>}
      saving={saving}
      labels={labels}
      prefix="unit-"
      onSave={save}
      onClose={onClose}
    >
      <Field id="unit-kind" label={labels.kind} error={fieldErrors(saving.error).kind}>
        <select id="unit-kind" name="kind" className="inp" defaultValue="school">
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(unitKindLabels[kind])}
            </option>
          ))}
        </select>
      </Field>
      <UnitFields error={saving.error} />
    </FormDrawer>
  );
}

export function EditUnitForm({ unit, onClose, onSaved, onRefresh }: FormProps) {
  const { t } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const save = (form: FormData) =>
    saving.save(async () => {
      const { data } = await api.PATCH("/api/v1/units/{unit_id}", {
        params: { path: { unit_id: unit.id }, header: ifMatch(unit) },
        body: { name: textOf(form, "name"), ...optionalOf(form) },
      });
      if (data) onSaved(data);
    });
  return (
    <FormDrawer
      title={t`修改单位`}
      submit={<Trans>保存</Trans>}
      saving={saving}
      labels={labels}
      prefix="unit-"
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <UnitFields unit={unit} error={saving.error} />
    </FormDrawer>
  );
}

export function MoveUnitForm({ unit, onClose, onSaved, onRefresh }: FormProps) {
  const { t, i18n } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const [parent, setParent] = useState<string | undefined>(unit.parent_id ?? undefined);
  const save = () =>
    saving.save(async () => {
      const { data } = await api.POST("/api/v1/units/{unit_id}/move", {
        params: { path: { unit_id: unit.id }, header: ifMatch(unit) },
        body: { parent_id: parent ?? "" },
      });
      if (data) onSaved(data);
    });
  return (
    <FormDrawer
      title={t`移动“${nameIn(i18n.locale, unit)}”`}
      submit={<Trans>移动</Trans>}
      saving={saving}
      labels={labels}
      prefix="unit-"
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <div style={{ marginBottom: 16 }}>
        <Note tone="so">
          <Trans>它的下级、成员和办件都跟着走；能看到它们的人会按新的上级重新算。</Trans>
        </Note>
      </div>
      <Field id="unit-parent_id" label={labels.parent_id} error={fieldErrors(saving.error).parent_id}>
        <UnitSelect id="unit-parent_id" label={labels.parent_id} value={parent} onChange={setParent} />
      </Field>
    </FormDrawer>
  );
}

export function CloseUnitForm({ unit, onClose, onSaved, onRefresh }: FormProps) {
  const { t, i18n } = useLingui();
  const labels = useLabels();
  const saving = useSave();
  const save = (form: FormData) =>
    saving.save(async () => {
      const { data } = await api.POST("/api/v1/units/{unit_id}/close", {
        params: { path: { unit_id: unit.id }, header: ifMatch(unit) },
        body: { reason: textOf(form, "reason") },
      });
      if (data) onSaved(data);
    });
  return (
    <FormDrawer
      title={t`撤销“${nameIn(i18n.locale, unit)}”`}
      submit={<Trans>撤销这个单位</Trans>}
      saving={saving}
      labels={labels}
      prefix="unit-"
      isDanger
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <div style={{ marginBottom: 16 }}>
        <Note tone="so">
          <Trans>群众再也找不到它，也不能再向它提交。以前的办件和记录都留着。</Trans>
        </Note>
      </div>
      <AreaField
        id="unit-reason"
        name="reason"
        label={labels.reason}
        hint={t`如：某年某月并入某校，见某号文`}
        error={fieldErrors(saving.error).reason}
        maxLength={500}
      />
    </FormDrawer>
  );
}
