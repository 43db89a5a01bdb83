import { Trans, useLingui } from "@lingui/react/macro";
import type { FormEvent } from "react";
import { fieldErrors } from "../../../api/problem";
import { complaintKindLabels } from "../../../shared/labels";
import { addDays, today } from "../../shared/due";
import { FormErrors } from "../../shared/ErrorNotice";
import { AreaField, Field, TextField } from "../../shared/Field";
import { channelWords, wordFor } from "../../shared/labels";
import { BusyButton, Note } from "../../shared/parts";
import { UnitSelect } from "../../shared/UnitSelect";
import type { useSave } from "../../shared/useSave";
import { CategoryField, Choice, ContactFields, EmergencyField } from "./fields";
import { hasWords, isOrder, LATE_DAYS } from "./registration";
import type { Typing } from "./useRegistration";

interface RegisterFormProps {
  typing: Typing;
  saving: ReturnType<typeof useSave>;
  isReportsOnly: boolean;
  onSave: () => void;
}

const CHANNELS = ["phone", "counter", "mailbox", "email"] as const;
const KINDS = ["grievance", "suggestion", "inquiry", "praise", "report"] as const;

function useLabels() {
  const { t } = useLingui();
  return {
    title: t`一句话说是什么事`,
    body: t`事情经过`,
    unit_id: t`关于哪个单位`,
    category_id: t`分类`,
    received_at: t`收到日期`,
    emergency_reason: t`有什么危险`,
    "contact.name": t`姓名`,
    "contact.phone": t`电话`,
    "contact.email": t`邮箱`,
  };
}

/** In the order in which a caller tells it. */
export function RegisterForm({ typing, saving, isReportsOnly, onSave }: RegisterFormProps) {
  const { t } = useLingui();
  const { draft, change } = typing;
  const labels = useLabels();
  const wrong = fieldErrors(saving.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave();
  };
  return (
    <form className="register" onSubmit={submit} noValidate aria-label={t`登记来电来访`}>
      <FormErrors error={saving.error} labels={labels} prefix="register-" />
      {typing.isFound && hasWords(draft) && <Found typing={typing} />}
      <Choice
        name="channel"
        legend={t`怎么来的`}
        options={CHANNELS.map((code) => ({ code, label: t(wordFor(channelWords, code)) }))}
        value={draft.channel}
        onChange={(channel) => change({ channel })}
      />
      {!isReportsOnly && (
        <Choice
          name="kind"
          legend={t`哪一类`}
          options={KINDS.map((code) => ({ code, label: t(complaintKindLabels[code]) }))}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
        />
      )}
      {draft.kind === "report" && (
        <div className="fld">
          <Note tone="so" live="status" icon="lock">
            <Trans>
              举报只给教育局纪检督查看，登记以后您自己也打不开、查不到。查询码只显示一次，请当场念给对方。
            </Trans>
          </Note>
        </div>
      )}
      <WhatFields typing={typing} labels={labels} wrong={wrong} />
      <ContactFields typing={typing} labels={labels} wrong={wrong} />
      <WhenField typing={typing} label={labels.received_at} error={wrong.received_at} />
      <EmergencyField typing={typing} label={labels.emergency_reason} error={wrong.emergency_reason} />
      <div className="foot">
        <BusyButton type="submit" className="btn p lg" isBusy={saving.isBusy}>
          <Trans>登记</Trans>
        </BusyButton>
        <span className="m xs">
          <Trans>登记后马上给您编号和查询码</Trans>
        </span>
      </div>
    </form>
  );
}

interface WhatFieldsProps {
  typing: Typing;
  labels: ReturnType<typeof useLabels>;
  wrong: Record<string, string>;
}

function WhatFields({ typing, labels, wrong }: WhatFieldsProps) {
  const { t } = useLingui();
  const { draft, change } = typing;
  return (
    <>
      <TextField
        id="register-title"
        label={labels.title}
        error={wrong.title}
        maxLength={100}
        value={draft.title}
        onChange={(event) => change({ title: event.target.value })}
      />
      <AreaField
        id="register-body"
        label={labels.body}
        hint={t`照对方的原话写：什么时候、在哪里、什么事、要求什么。不写姓名和电话。`}
        error={wrong.body}
        rows={7}
        maxLength={20_000}
        value={draft.body}
        onChange={(event) => change({ body: event.target.value })}
      />
      <div className="two">
        <Field
          id="register-unit_id"
          label={labels.unit_id}
          hint={t`不清楚就不选，由教育局确定`}
          error={wrong.unit_id}
          isOptional
        >
          <UnitSelect
            id="register-unit_id"
            label={labels.unit_id}
            value={draft.unit ?? undefined}
            isClearable
            onChange={(unit) => change({ unit: unit ?? null })}
          />
        </Field>
        <CategoryField
          label={labels.category_id}
          error={wrong.category_id}
          value={draft.category}
          onChange={(category) => change({ category })}
        />
      </div>
    </>
  );
}

/** What was begun before is still here; who called is not. */
function Found({ typing }: { typing: Typing }) {
  const isNameless = typing.draft.isNamed && typing.contact.name === "";
  return (
    <div className="fld">
      <Note live="status">
        <Trans>上次没登记完的还在。</Trans>
        {isNameless && <Trans>姓名和联系方式没有存，请再填一次。</Trans>}{" "}
        <button type="button" className="btn sm" onClick={typing.discard}>
          <Trans>清空重写</Trans>
        </button>
      </Note>
    </div>
  );
}

function WhenField({ typing, label, error }: { typing: Typing; label: string; error?: string }) {
  const { t } = useLingui();
  const { draft, change } = typing;
  const day = today();
  return (
    <div className="two">
      <TextField
        id="register-received_at"
        type="date"
        label={label}
        hint={t`期限从这一天起算，最早填${LATE_DAYS}天前`}
        error={error}
        min={addDays(day, -LATE_DAYS)}
        max={day}
        value={draft.receivedOn || day}
        onChange={(event) => change({ receivedOn: event.target.value })}
      />
      <div className="fld">
        <label className="check order">
          <input
            type="checkbox"
            checked={isOrder(draft)}
            onChange={(event) => change({ isOrder: event.target.checked })}
          />
          <Trans>按热线工单的期限办</Trans>
        </label>
        <p className="hint">
          <Trans>来电默认按热线工单；期限有几个的，按最早的算</Trans>
        </p>
      </div>
    </div>
  );
}
