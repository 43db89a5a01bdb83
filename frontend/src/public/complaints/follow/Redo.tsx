import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { api } from "../../../api/client";
import { When } from "../../../shared/When";
import { FieldMessage } from "../../common/ErrorSummary";
import { FailureNotice } from "../../common/FailureNotice";
import { ProofProgress } from "../proof/ProofProgress";
import { useProof } from "../proof/useProof";
import type { CaseProps } from "./CaseView";
import { useKeptWords } from "./words";

/** Once, in the time for rating: another handler does it again. */
export function Redo({ opened, onChange }: CaseProps) {
  const { complaint } = opened;
  // After a bad rating this is the next thing to do; before it, a way that is there for those who want it.
  const [isOpen, setOpen] = useState(complaint.rating !== null);
  const [isAskedFor, setAskedFor] = useState(false);
  if (!isOpen) {
    return (
      <div className="ft no-print">
        <button
          type="button"
          className="link"
          onClick={() => {
            setOpen(true);
            setAskedFor(true);
          }}
        >
          <Trans>没有解决，要求重新办理</Trans>
        </button>
      </div>
    );
  }
  return <Ask opened={opened} onChange={onChange} isAskedFor={isAskedFor} close={() => setOpen(false)} />;
}

interface AskProps extends CaseProps {
  /** It opened by a press, and not because the case was opened. */
  isAskedFor: boolean;
  close: () => void;
}

function Ask({ opened, onChange, isAskedFor, close }: AskProps) {
  const { t } = useLingui();
  const { complaint } = opened;
  const [reason, setReason] = useKeptWords("redo", complaint);
  const [isMissing, setMissing] = useState(false);
  const { prepare, withProof, progress } = useProof();
  const heading = useRef<HTMLHeadingElement>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (isAskedFor) heading.current?.focus();
  }, [isAskedFor]);
  const redo = useMutation({
    mutationFn: async (words: string) => {
      const send = (altcha: string) =>
        api.POST("/api/v1/public/complaints/redo", {
          body: { receipt_code: opened.code, reason: words, altcha },
        });
      return (await withProof(send)).data;
    },
    onSuccess: (next) => {
      setReason("");
      if (next) onChange(next);
    },
  });
  const fault = isMissing && reason.trim().length < 2 ? t`请写一写哪里还没有解决` : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = reason.trim();
    setMissing(words.length < 2);
    if (words.length < 2) box.current?.focus();
    else if (!redo.isPending) redo.mutate(words);
  };
  return (
    <form className="ft no-print" onSubmit={submit}>
      <h3 tabIndex={-1} ref={heading}>
        <Trans>要求重新办理</Trans>
      </h3>
      <p className="small">
        <Trans>换一位经办人重新办理、重新答复您。只能要求一次。</Trans>
        {complaint.rating_until && (
          <Trans>
            最迟
            <When value={complaint.rating_until} />
            提出。
          </Trans>
        )}
      </p>
      <div className={`field ${fault ? "has-err" : ""}`}>
        <label htmlFor="redo-reason">
          <Trans>哪里还没有解决？</Trans>
        </label>
        <FieldMessage id="redo-reason-err" message={fault} />
        <textarea
          className={`in ${fault ? "bad" : ""}`}
          ref={box}
          id="redo-reason"
          rows={3}
          maxLength={2000}
          value={reason}
          onFocus={prepare}
          onChange={(event) => setReason(event.target.value)}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? "redo-reason-err redo-reason-hint" : "redo-reason-hint"}
        />
        <p className="hint" id="redo-reason-hint">
          <Trans>最多2000字。新的经办人会看到您写的话，看不到您是谁。</Trans>
        </p>
      </div>
      {redo.isError && <FailureNotice error={redo.error} focus kept={<Trans>您写的还在。</Trans>} />}
      <div className="btns">
        <button type="submit" className="btn primary" aria-disabled={redo.isPending}>
          {redo.isPending ? <Trans>正在提交</Trans> : <Trans>要求重新办理</Trans>}
        </button>
        <button type="button" className="btn" onClick={close}>
          <Trans>不用了</Trans>
        </button>
      </div>
      {redo.isPending && <ProofProgress progress={progress} />}
    </form>
  );
}
