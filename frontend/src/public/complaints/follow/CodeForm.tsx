import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { failureOf } from "../../../api/problem";
import { groupsOf } from "../../../shared/codeGroups";
import { ErrorSummary, type FieldError, FieldMessage } from "../../common/ErrorSummary";
import { FailureNotice } from "../../common/FailureNotice";
import { Fold } from "../../common/Fold";
import { BackLink } from "../../common/Page";
import { type CodeFault, codeFault, normaliseCode } from "../../common/receiptCode";

const faults: Record<CodeFault, MessageDescriptor> = {
  empty: msg`请写查询码`,
  too_short: msg`查询码有24位，您写的少了几位`,
  too_long: msg`查询码有24位，您写的多了几位`,
  strange: msg`查询码里只有数字和英文字母，没有I、L、O、U`,
};

interface Props {
  initial: string;
  isPending: boolean;
  error: unknown;
  open: (code: string) => void;
}

export function CodeForm({ initial, isPending, error, open }: Props) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(() => groupsOf(initial).join(" "));
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const isUnknown = Boolean(error) && ["not_found", "refused"].includes(failureOf(error).kind);
  const shown = errors.length > 0 || !isUnknown ? errors : unknownCode(t);
  const message = shown[0]?.message;
  const code = normaliseCode(typed);
  const count = code.length;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending) return;
    const fault = codeFault(code);
    setErrors(fault ? [{ field: "code", message: t(faults[fault]) }] : []);
    if (!fault) open(code);
  };
  return (
    <div className="wrap">
      <div className="col">
        <BackLink to="/">
          <Trans>首页</Trans>
        </BackLink>
        <ErrorSummary errors={shown} />
        <h1>
          <Trans>查办理进度</Trans>
        </h1>
        <p className="lede">
          <Trans>查询码是提交成功时给您的那24位，不是办理编号。</Trans>
        </p>
        <form onSubmit={submit} noValidate autoComplete="off">
          <div className={`field ${message ? "has-err" : ""}`}>
            <label htmlFor="code">
              <Trans>查询码</Trans>
            </label>
            <p className="hint" id="code-hint">
              <Trans>带不带空格、短横，大写小写都可以。</Trans>
            </p>
            <FieldMessage id="code-err" message={message} />
            {/* More than one line, so that all of a code can be compared with what was noted, in large type too. */}
            <textarea
              className={`in codein ${message ? "bad" : ""}`}
              id="code"
              rows={2}
              value={typed}
              onChange={(event) => setTyped(event.target.value.replaceAll("\n", " "))}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                event.currentTarget.form?.requestSubmit();
              }}
              aria-invalid={message ? true : undefined}
              aria-describedby={message ? "code-err code-hint" : "code-hint"}
              autoCapitalize="characters"
              autoCorrect="off"
              spellCheck={false}
              maxLength={60}
            />
            <p className="under">
              <span>
                <Trans>{count} / 24位</Trans>
              </span>
            </p>
          </div>
          {Boolean(error) && !isUnknown && (
            <FailureNotice error={error} focus kept={<Trans>您写的查询码还在上面。</Trans>} />
          )}
          <div className="btns stack">
            <button type="submit" className="btn primary" aria-disabled={isPending}>
              {isPending ? <Trans>正在查</Trans> : <Trans>查进度</Trans>}
            </button>
          </div>
        </form>
        <Fold className="data after" label={<Trans>查询码丢了怎么办</Trans>}>
          <p>
            <Trans>
              为了不让别人看到您的事，我们没有存查询码的原文，没有办法找回。看看手机相册里有没有存过图片，或者剪贴板、备忘录。实在找不到，可以再提交一次，并写明以前提过。
            </Trans>
          </p>
        </Fold>
      </div>
    </div>
  );
}

// One array for each language, so that the summary takes the focus once and not at every stroke.
const unknown = new Map<string, readonly FieldError[]>();
function unknownCode(t: (message: MessageDescriptor) => string): readonly FieldError[] {
  const message = t(msg`没有这个查询码。请对照记下的一位一位看看，容易看错的是0和D、8和B、5和S、2和Z`);
  const known = unknown.get(message) ?? [{ field: "code", message }];
  unknown.set(message, known);
  return known;
}
