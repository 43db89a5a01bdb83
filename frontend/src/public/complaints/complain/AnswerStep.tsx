import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, type InputHTMLAttributes, type ReactNode, useMemo, useState } from "react";
import { ErrorSummary, type FieldError, FieldMessage } from "../../common/ErrorSummary";
import { Split } from "../../common/Page";
import type { StepProps } from "./ComplainPage";
import { changeDraft } from "./draft";
import { Under14, useGuardianFaults } from "./Under14";
import { Why } from "./Why";

export default function AnswerStep({ draft, errors: others, next }: StepProps) {
  const { t } = useLingui();
  const guardianFaults = useGuardianFaults();
  const [own, setOwn] = useState<readonly FieldError[]>([]);
  // The same list as long as nothing new is missing: a new one takes the focus to what it says.
  const errors = useMemo(() => [...others, ...own], [others, own]);
  const messageOf = (field: string) => errors.find((error) => error.field === field)?.message;
  const fault = messageOf("answer");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const missing = guardianFaults(draft);
    setOwn(missing);
    if (missing.length === 0) next();
  };
  return (
    <Split
      aside={
        <Why
          why={<Trans>不留姓名也一样办理，答复凭查询码看。留了电话，有要核实的地方可以直接问您。</Trans>}
          who={
            <Trans>
              姓名和联系方式与内容分开存放，经办人看不到。确实需要看的，要由第二个人批准，并且会告诉您。
            </Trans>
          }
        />
      }
    >
      <ErrorSummary errors={errors} />
      <h1>
        <Trans>我们怎么答复您？</Trans>
      </h1>
      <form onSubmit={submit} noValidate>
        <fieldset className={`field ${fault ? "has-err bad" : ""}`} id="answer" aria-describedby="answer-err">
          <legend className="sr">{t`要不要留姓名`}</legend>
          <FieldMessage id="answer-err" message={fault} />
          <div className="ch">
            <label className={draft.answer === "anonymous" ? "on" : ""}>
              <input
                type="radio"
                name="answer"
                checked={draft.answer === "anonymous"}
                onChange={() => changeDraft({ answer: "anonymous" })}
              />
              <span>
                <Trans>不留姓名</Trans>
                <small>
                  <Trans>提交后给您一个查询码，凭它看进度、补充、看答复</Trans>
                </small>
              </span>
            </label>
            <label className={draft.answer === "named" ? "on" : ""}>
              <input
                type="radio"
                name="answer"
                checked={draft.answer === "named"}
                onChange={() => changeDraft({ answer: "named" })}
              />
              <span>
                <Trans>留姓名和联系方式</Trans>
                <small>
                  <Trans>同样有查询码，需要时工作人员可以联系您</Trans>
                </small>
              </span>
            </label>
            {draft.answer === "named" && (
              <div className="sub">
                <ContactField
                  id="contact.name"
                  label={<Trans>姓名</Trans>}
                  value={draft.name}
                  change={(name) => changeDraft({ name })}
                  message={messageOf("contact.name")}
                  autoComplete="name"
                />
                <ContactField
                  id="contact.phone"
                  label={<Trans>电话</Trans>}
                  isOptional
                  value={draft.phone}
                  change={(phone) => changeDraft({ phone })}
                  message={messageOf("contact.phone")}
                  type="tel"
                  autoComplete="tel"
                />
                <ContactField
                  id="contact.email"
                  label={<Trans>邮箱</Trans>}
                  isOptional
                  value={draft.email}
                  change={(email) => changeDraft({ email })}
                  message={messageOf("contact.email")}
                  type="email"
                  autoComplete="email"
                />
                <Under14 draft={draft} messageOf={messageOf} />
              </div>
            )}
          </div>
        </fieldset>
        <div className="btns stack">
          <button type="submit" className="btn primary">
            <Trans>下一步</Trans>
          </button>
        </div>
      </form>
    </Split>
  );
}

interface ContactFieldProps extends Pick<InputHTMLAttributes<HTMLInputElement>, "type" | "autoComplete"> {
  id: string;
  label: ReactNode;
  value: string;
  change: (value: string) => void;
  message: string | undefined;
  isOptional?: boolean;
}

function ContactField({
  id,
  label,
  value,
  change,
  message,
  isOptional = false,
  ...input
}: ContactFieldProps) {
  return (
    <div className={`field ${message ? "has-err" : ""}`}>
      <label htmlFor={id}>
        {label}
        {isOptional && (
          <span className="opt">
            <Trans>选填</Trans>
          </span>
        )}
      </label>
      <FieldMessage id={`${id}-err`} message={message} />
      <input
        {...input}
        className={`in ${message ? "bad" : ""}`}
        id={id}
        value={value}
        onChange={(event) => change(event.target.value)}
        aria-invalid={message ? true : undefined}
        aria-describedby={message ? `${id}-err` : undefined}
      />
    </div>
  );
}
