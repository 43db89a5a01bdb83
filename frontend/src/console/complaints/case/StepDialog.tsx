import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useState } from "react";
import { fieldErrors } from "../../../api/problem";
import { nameIn } from "../../../shared/i18n";
import { today } from "../../shared/due";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { AreaField, TextField } from "../../shared/Field";
import { Note } from "../../shared/parts";
import { daysOf } from "./days";
import {
  bodyOf,
  initialValues,
  isComplete,
  isCount,
  isDayCount,
  mostDays,
  REPORT_DAYS_MAX,
  type StepField,
  type StepForm,
  stepForms,
} from "./stepForms";
import { type Purpose, TemplateSelect, useTemplates } from "./TemplatePicker";
import type { CaseActions } from "./useCase";
import type { Case, DoableVerb, VerbBodies } from "./verbs";

/** What templates there are for a step's text. */
const purposes: Partial<Record<DoableVerb, Purpose>> = {
  not_accept: "not_accept",
  refer: "refer",
  wait: "question",
};

interface StepDialogProps {
  verb: DoableVerb;
  complaint: Case;
  actions: CaseActions;
  onClose: () => void;
}

/** A step that needs something written; says what it will bring about before it is done. */
export function StepDialog(props: StepDialogProps) {
  const form = stepForms[props.verb];
  return form ? <Filled {...props} form={form} /> : null;
}

function Filled({ verb, complaint, actions, onClose, form }: StepDialogProps & { form: StepForm }) {
  const { t } = useLingui();
  const [values, setValues] = useState(() => initialValues(form, complaint));
  const templates = useTemplates(complaint, purposes[verb]);
  const refused = actions.refusal?.verb === verb ? actions.refusal.error : null;
  const wrong = fieldErrors(refused);
  const title = t(form.title);
  const isReady = isComplete(form, values, complaint);
  const go = async () => {
    if (!isReady) return;
    if (await actions.run(verb, bodyOf(form, values) as VerbBodies[typeof verb])) onClose();
  };
  return (
    <Modal
      open
      title={t`${title}：${complaint.number}`}
      okText={t(form.confirm)}
      okButtonProps={{ disabled: !isReady, danger: form.isDanger }}
      confirmLoading={actions.running === verb}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div style={{ display: "grid", gap: 12, paddingTop: 8 }}>
        {Boolean(refused) && <ErrorNotice error={refused} />}
        <Note tone={form.isDanger ? "so" : ""}>{t(form.consequence)}</Note>
        <Beside verb={verb} complaint={complaint} />
        <TemplateSelect
          id="step-template"
          templates={templates}
          onChoose={({ body }) => setValues({ ...values, [verb === "wait" ? "body" : "reason"]: body })}
        />
        {form.fields.map((field) => (
          <Input
            key={field.name}
            field={field}
            most={mostDays(form, complaint)}
            error={wrong[field.name]}
            value={values[field.name] ?? ""}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
      </div>
    </Modal>
  );
}

/** What one has to know for the step: who asked for what, how much is left. */
function Beside({ verb, complaint }: { verb: DoableVerb; complaint: Case }) {
  const { t, i18n } = useLingui();
  const { extension } = complaint;
  if (verb === "wait") {
    return (
      <p className="m xs">
        <Trans>累计还可以等{complaint.hold_days_left}天；更长要先申请，由负责人批准。</Trans>
      </p>
    );
  }
  if (verb === "ask_extension") {
    const clock = complaint.extension_clock ?? undefined;
    const most = daysOf(complaint, complaint.extension_days ?? 0, i18n.locale, clock);
    return (
      <p className="m xs">
        <Trans>最多可以延长{most}。</Trans>{" "}
        {complaint.due?.clock === "supervision" && <Trans>延长的是法定期限，督办的日期不变。</Trans>}
      </p>
    );
  }
  if (verb === "ask_longer_hold") {
    return (
      <p className="m xs">
        <Trans>最多可以再加{complaint.longer_hold_days ?? 0}天。</Trans>
      </p>
    );
  }
  if (verb === "grant_longer_hold" || verb === "refuse_longer_hold")
    return <LongerHoldAsked complaint={complaint} />;
  if ((verb === "extend" || verb === "refuse_extension") && extension) {
    const who = extension.asked_by ? nameIn(i18n.locale, extension.asked_by) : t`承办人`;
    const days = daysOf(complaint, extension.days, i18n.locale, extension.clock);
    return (
      <blockquote className="quote">
        <p>
          <Trans>
            {who}申请延长{days}
          </Trans>
        </p>
        <p className="pre">{extension.reason}</p>
      </blockquote>
    );
  }
  return null;
}

function LongerHoldAsked({ complaint }: { complaint: Case }) {
  const { t, i18n } = useLingui();
  const asked = complaint.longer_hold;
  if (!asked) return null;
  const who = asked.asked_by ? nameIn(i18n.locale, asked.asked_by) : t`承办人`;
  const { days } = asked;
  return (
    <blockquote className="quote">
      <p>
        <Trans>
          {who}申请多等{days}天
        </Trans>
      </p>
      <p className="pre">{asked.reason}</p>
    </blockquote>
  );
}

interface InputProps {
  field: StepField;
  most: number;
  value: string;
  error?: string;
  onChange: (value: string) => void;
}

/** What stands in the way of what was typed, as far as that is known here. */
function useWrong({ field, most, value }: InputProps): string | undefined {
  const { t } = useLingui();
  const text = value.trim();
  switch (field.kind) {
    case "days":
      return isDayCount(Number(text), most) ? undefined : t`填1到${most}之间的整数`;
    case "count":
      return text === "" || isCount(text) ? undefined : t`填0到${REPORT_DAYS_MAX}之间的整数`;
    case "day":
      return text !== "" && text < today() ? t`不能早于今天` : undefined;
    default:
      return undefined;
  }
}

function boundsOf({ field, most }: InputProps) {
  if (field.kind === "days") return { type: "number", min: 1, max: most };
  if (field.kind === "count") return { type: "number", min: 0, max: REPORT_DAYS_MAX };
  return { type: "date", min: today() };
}

function Input(props: InputProps) {
  const { t } = useLingui();
  const { field, value, error, onChange } = props;
  const wrong = useWrong(props);
  const shared = {
    id: `step-${field.name}`,
    label: t(field.label),
    hint: field.hint && t(field.hint),
    error: error ?? wrong,
    isOptional: field.isOptional,
    value,
  };
  if (field.kind === "text") {
    return (
      <AreaField
        {...shared}
        rows={field.rows ?? 4}
        maxLength={field.max ?? 1000}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return <TextField {...shared} {...boundsOf(props)} onChange={(event) => onChange(event.target.value)} />;
}
