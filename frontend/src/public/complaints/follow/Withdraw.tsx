import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { api } from "../../../api/client";
import { FailureNotice } from "../../common/FailureNotice";
import { ProofProgress } from "../proof/ProofProgress";
import { useProof } from "../proof/useProof";
import type { CaseProps } from "./CaseView";

/** Two presses, the second one beside what it will do. */
export function Withdraw({ opened, onChange }: CaseProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="sec no-print" aria-labelledby="withdraw">
      <h2 id="withdraw" className="sr">
        <Trans>撤回</Trans>
      </h2>
      {isOpen ? (
        <Confirm opened={opened} onChange={onChange} close={() => setOpen(false)} />
      ) : (
        <button type="button" className="link" onClick={() => setOpen(true)}>
          <Trans>不想办了，撤回这件事</Trans>
        </button>
      )}
    </section>
  );
}

function Confirm({ opened, onChange, close }: CaseProps & { close: () => void }) {
  const { t } = useLingui();
  const { title, number } = opened.complaint;
  const [reason, setReason] = useState("");
  const { prepare, withProof, progress } = useProof();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    prepare();
    heading.current?.focus();
  }, [prepare]);
  const withdraw = useMutation({
    mutationFn: async () => {
      const words = reason.trim();
      const send = (altcha: string) =>
        api.POST("/api/v1/public/complaints/withdrawal", {
          body: { receipt_code: opened.code, ...(words ? { reason: words } : {}), altcha },
        });
      return (await withProof(send)).data;
    },
    onSuccess: (complaint) => complaint && onChange(complaint),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!withdraw.isPending) withdraw.mutate();
  };
  return (
    <form className="confirm" onSubmit={submit}>
      <h3 tabIndex={-1} ref={heading}>
        {t`撤回“${title}”（${number}）？`}
      </h3>
      <p>
        <Trans>撤回以后不再办理，也不会有答复，不能反悔。记录会留着，写明是您撤回的。</Trans>
      </p>
      <div className="field short">
        <label htmlFor="reason">
          <Trans>为什么撤回</Trans>
          <span className="opt">
            <Trans>选填</Trans>
          </span>
        </label>
        <textarea
          className="in"
          id="reason"
          rows={2}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      {withdraw.isError && <FailureNotice error={withdraw.error} focus />}
      <div className="btns close">
        <button type="submit" className="btn danger" aria-disabled={withdraw.isPending}>
          {withdraw.isPending ? <Trans>正在撤回</Trans> : <Trans>确定撤回</Trans>}
        </button>
        <button type="button" className="btn" onClick={close}>
          <Trans>不撤回</Trans>
        </button>
      </div>
      {withdraw.isPending && <ProofProgress progress={progress} />}
    </form>
  );
}
