import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api, api, type Schemas } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { nameIn } from "../../shared/i18n";
import { complaintKindLabels } from "../../shared/labels";
import { PARTS, partWords } from "../complaints/case/draft";
import { ifMatch } from "../shared/etag";
import { AreaField, Field, TextField } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { useMe } from "../shared/me";
import { BusyButton, Note } from "../shared/parts";
import { UnitSelect } from "../shared/UnitSelect";
import { useKeyFor } from "../shared/useKeyFor";
import { useSave } from "../shared/useSave";
import { purposeWords, type Template } from "./TemplatesPage";

interface TemplateFormProps {
  template?: Template;
  onClose: () => void;
  onSaved: () => void;
  onRefresh: () => void;
}

/** What stands for the case's own facts; the server knows them in both languages. */
const PLACEHOLDERS = {
  zh: "{编号}、{标题}、{单位}、{收到日期}、{到期日}",
  en: "{number}, {title}, {unit}, {received}, {due}",
};

type Purpose = Schemas["TemplatePurpose"];
const textOf = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

export function TemplateForm({ template, onClose, onSaved, onRefresh }: TemplateFormProps) {
  const { t, i18n } = useLingui();
  const placeholders = PLACEHOLDERS[i18n.locale === "en" ? "en" : "zh"];
  const me = useMe();
  const saving = useSave();
  const keyFor = useKeyFor();
  const [purpose, setPurpose] = useState<Purpose>(template?.purpose ?? "reply");
  const [unit, setUnit] = useState<string | undefined>(template?.unit.id ?? me?.unit.id);
  const wrong = fieldErrors(saving.error);
  const labels = {
    name: t`名称`,
    unit_id: t`用于哪个单位的来件`,
    category_id: t`分类`,
    kind: t`种类`,
    body: t`内容`,
    request: t(partWords.request),
    facts: t(partWords.facts),
    decision: t(partWords.decision),
    basis: t(partWords.basis),
  };
  const save = (form: FormData) =>
    saving.save(async () => {
      const texts =
        purpose === "reply"
          ? Object.fromEntries(PARTS.map((part) => [part, textOf(form, part)]))
          : { body: textOf(form, "body") };
      const fields = {
        name: textOf(form, "name"),
        category_id: textOf(form, "category_id") || null,
        kind: (textOf(form, "kind") || null) as Schemas["ComplaintKind"] | null,
        ...texts,
      };
      if (template) {
        await api.PATCH("/api/v1/reply-templates/{template_id}", {
          params: { path: { template_id: template.id }, header: ifMatch(template) },
          body: fields,
        });
      } else {
        const body = { ...fields, unit_id: unit ?? "", purpose };
        await api.POST("/api/v1/reply-templates", { params: { header: keyFor(body) }, body });
      }
      onSaved();
    });
  const close = () =>
    saving.save(async () => {
      if (!template) return;
      await api.POST("/api/v1/reply-templates/{template_id}/close", {
        params: { path: { template_id: template.id }, header: ifMatch(template) },
        body: {},
      });
      onSaved();
    });
  return (
    <FormDrawer
      title={template ? t`修改模板` : t`新建模板`}
      submit={template ? <Trans>保存</Trans> : <Trans>新建</Trans>}
      saving={saving}
      labels={labels}
      prefix="template-"
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <TextField
        id="template-name"
        name="name"
        label={labels.name}
        error={wrong.name}
        defaultValue={template?.name}
        maxLength={60}
      />
      {!template && (
        <>
          <Field id="template-purpose" label={t`用来写什么`}>
            <select
              id="template-purpose"
              className="inp"
              value={purpose}
              onChange={(event) => setPurpose(event.target.value as Purpose)}
            >
              {Object.entries(purposeWords).map(([code, words]) => (
                <option key={code} value={code}>
                  {t(words)}
                </option>
              ))}
            </select>
          </Field>
          <Field id="template-unit_id" label={labels.unit_id} error={wrong.unit_id}>
            <UnitSelect
              id="template-unit_id"
              label={labels.unit_id}
              value={unit}
              onChange={(id) => setUnit(id)}
            />
          </Field>
        </>
      )}
      <ForWhich template={template} labels={labels} />
      <p className="hint">
        <Trans>{placeholders}会换成来件自己的内容。</Trans>
      </p>
      {purpose === "reply" ? (
        PARTS.map((part) => (
          <AreaField
            key={part}
            id={`template-${part}`}
            name={part}
            label={labels[part]}
            error={wrong[part]}
            defaultValue={template?.[part]}
            isOptional
          />
        ))
      ) : (
        <AreaField
          id="template-body"
          name="body"
          label={labels.body}
          error={wrong.body}
          defaultValue={template?.body}
          maxLength={2000}
        />
      )}
      {template && (
        <Note>
          <p>
            <Trans>停用后不再出现在办件页，用它写过的不变。</Trans>
          </p>
          <BusyButton className="btn sm dz" isBusy={saving.isBusy} onClick={() => void close()}>
            <Trans>停用这个模板</Trans>
          </BusyButton>
        </Note>
      )}
    </FormDrawer>
  );
}

function ForWhich({
  template,
  labels,
}: {
  template?: Template;
  labels: { category_id: string; kind: string };
}) {
  const { t, i18n } = useLingui();
  const { data } = $api.useQuery("get", "/api/v1/categories");
  return (
    <div className="two">
      <Field id="template-category_id" label={labels.category_id} isOptional>
        <select
          // The options come later than the field; the chosen one is set with them.
          key={data ? "loaded" : "empty"}
          id="template-category_id"
          name="category_id"
          className="inp"
          defaultValue={template?.category_id ?? ""}
        >
          <option value="">{t`全部`}</option>
          {data?.items.map((item) => (
            <option key={item.id} value={item.id}>
              {"　".repeat(item.depth - 1)}
              {nameIn(i18n.locale, item)}
            </option>
          ))}
        </select>
      </Field>
      <Field id="template-kind" label={labels.kind} isOptional>
        <select id="template-kind" name="kind" className="inp" defaultValue={template?.kind ?? ""}>
          <option value="">{t`全部`}</option>
          {Object.entries(complaintKindLabels).map(([code, words]) => (
            <option key={code} value={code}>
              {t(words)}
            </option>
          ))}
        </select>
      </Field>
    </div>
  );
}
