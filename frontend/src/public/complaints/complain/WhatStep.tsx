import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { type ComponentType, type FormEvent, lazy, Suspense } from "react";
import type { Schemas } from "../../../api/client";
import { formatNumber } from "../../../shared/format";
import type { HintedText } from "../../../shared/hints/useHints";
import { nameIn } from "../../../shared/i18n";
import { complaintKindLabels } from "../../../shared/labels";
import { ErrorSummary, FieldMessage } from "../../common/ErrorSummary";
import { Icon } from "../../common/Icon";
import { Split } from "../../common/Page";
import type { StepProps } from "./ComplainPage";
import { changeDraft, type Draft } from "./draft";
import { KeptLine } from "./KeptDraft";
import { BODY_MAX } from "./steps";
import { ReportNote, Why } from "./Why";

// Without it the rest of the form does all the same.
const AttachToDraft = lazy<ComponentType>(() =>
  import("../uploads/AttachToDraft").catch(() => ({ default: () => null })),
);

// It watches for what may say who somebody is; the text can be sent without it, too.
const TextHints = lazy<ComponentType<HintedText>>(() =>
  import("./TextHints").catch(() => ({ default: () => null })),
);

const kinds: { kind: Schemas["ComplaintKind"]; says: MessageDescriptor }[] = [
  { kind: "grievance", says: msg`该办的没办，或者没办好` },
  { kind: "suggestion", says: msg`希望怎么改` },
  { kind: "inquiry", says: msg`想问清楚一件事` },
  { kind: "report", says: msg`有人违规违纪` },
  { kind: "praise", says: msg`做得好，想让大家知道` },
];

export function WhatStep({ draft, errors, next }: StepProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    next();
  };
  const messageOf = (field: string) => errors.find((error) => error.field === field)?.message;
  return (
    <Split aside={<Why why={<Trans>经办人要靠它核实情况。</Trans>} who={<Readers draft={draft} />} />}>
      <ErrorSummary errors={errors} />
      <h1>
        <Trans>发生了什么？</Trans>
      </h1>
      <p className="lede">
        <Trans>想到哪里写到哪里，不用写身份证号。</Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <KindField draft={draft} message={messageOf("kind")} />
        <TitleField draft={draft} message={messageOf("title")} />
        <BodyField draft={draft} message={messageOf("body")} />
        <Suspense fallback={null}>
          <AttachToDraft />
        </Suspense>
        <div className="help">
          <Icon name="alert" />
          <p>
            <Trans>有人身危险，请先拨打110或120。这里工作日才有人看。</Trans>
          </p>
        </div>
        <div className="btns stack">
          <button type="submit" className="btn primary">
            <Trans>下一步</Trans>
          </button>
        </div>
      </form>
    </Split>
  );
}

function Readers({ draft }: { draft: Draft }) {
  const { i18n } = useLingui();
  if (draft.kind === "report") return <Trans>只有教育局的纪检督查人员。</Trans>;
  if (draft.about === "unit" && draft.unit) {
    return <Trans>教育局，和{nameIn(i18n.locale, draft.unit)}负责办理的人。</Trans>;
  }
  return <Trans>教育局，和它转给的那个单位里负责办理的人。</Trans>;
}

function KindField({ draft, message }: { draft: Draft; message: string | undefined }) {
  const { t } = useLingui();
  return (
    <fieldset className={`field ${message ? "has-err bad" : ""}`} id="kind" aria-describedby="kind-err">
      <legend>
        <Trans>是哪一类？</Trans>
      </legend>
      <FieldMessage id="kind-err" message={message} />
      <div className="ch two">
        {kinds.map(({ kind, says }) => (
          <label key={kind} className={draft.kind === kind ? "on" : ""}>
            <input
              type="radio"
              name="kind"
              checked={draft.kind === kind}
              onChange={() => changeDraft({ kind })}
            />
            <span>
              {t(complaintKindLabels[kind])}
              <small>{t(says)}</small>
            </span>
          </label>
        ))}
      </div>
      {draft.kind === "report" && <ReportNote />}
    </fieldset>
  );
}

function TitleField({ draft, message }: { draft: Draft; message: string | undefined }) {
  return (
    <div className={`field ${message ? "has-err" : ""}`}>
      <label htmlFor="title">
        <Trans>一句话说是什么事</Trans>
      </label>
      <p className="hint" id="title-hint">
        <Trans>比如：食堂菜谱两周没有更新</Trans>
      </p>
      <FieldMessage id="title-err" message={message} />
      <input
        className={`in ${message ? "bad" : ""}`}
        id="title"
        value={draft.title}
        onChange={(event) => changeDraft({ title: event.target.value })}
        aria-invalid={message ? true : undefined}
        aria-describedby={message ? "title-err title-hint" : "title-hint"}
        autoComplete="off"
      />
    </div>
  );
}

function BodyField({ draft, message }: { draft: Draft; message: string | undefined }) {
  const { i18n } = useLingui();
  const count = formatNumber([...draft.body.trim()].length, i18n.locale);
  const max = formatNumber(BODY_MAX, i18n.locale);
  return (
    <div className={`field ${message ? "has-err" : ""}`}>
      <label htmlFor="body">
        <Trans>经过</Trans>
      </label>
      <p className="hint" id="body-hint">
        <Trans>什么时候、在哪里、看到了什么，您希望怎么解决。</Trans>
      </p>
      <FieldMessage id="body-err" message={message} />
      <textarea
        className={`in ${message ? "bad" : ""}`}
        id="body"
        rows={8}
        value={draft.body}
        onChange={(event) => changeDraft({ body: event.target.value })}
        aria-invalid={message ? true : undefined}
        aria-describedby={message ? "body-err body-hint" : "body-hint"}
      />
      <p className="under">
        <KeptLine draft={draft} />
        <span>
          <Trans>
            {count}字，最多{max}字
          </Trans>
        </span>
      </p>
      <Suspense fallback={null}>
        <TextHints text={draft.body} onChange={(body) => changeDraft({ body })} field="body" />
      </Suspense>
    </div>
  );
}
