import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { api } from "../../../api/client";
import Attach from "../../../shared/uploads/Attach";
import { claimsOf, Uploads, whatHinders } from "../../../shared/uploads/store";
import { useUploadWords } from "../../../shared/uploads/words";
import { newUuid } from "../../../shared/uuid";
import { FieldMessage } from "../../common/ErrorSummary";
import { FailureNotice } from "../../common/FailureNotice";
import { ProofProgress } from "../proof/ProofProgress";
import { useProof } from "../proof/useProof";
import { begin } from "../uploads/begin";
import type { CaseProps } from "./CaseView";
import { keptFiles, useKeptWords } from "./words";

/** A message to the staff: by itself below the conversation, or the answer right below what they ask. */
export function Add({ opened, onChange, label }: CaseProps & { label: ReactNode }) {
  const { t } = useLingui();
  const [body, setBody] = useKeptWords("message", opened.complaint);
  const [fault, setFault] = useState<string | undefined>();
  const [hindrance, setHindrance] = useState<ReturnType<typeof whatHinders>>(null);
  const [isSent, setSent] = useState(false);
  const { prepare, withProof, progress } = useProof();
  const { number } = opened.complaint;
  const [uploads] = useState(() => new Uploads(keptFiles(number), begin));
  const words = useUploadWords();
  // Until they have arrived the same words go under the same key and with the same proof: the same request to the
  // letter, which counts once. Other words get another key.
  const attempt = useRef<{ words: string; key: string; altcha: string | null } | null>(null);
  const add = useMutation({
    mutationFn: async (body: string) => {
      const claims = claimsOf(uploads.snapshot());
      const words = JSON.stringify([body, claims]);
      const mine =
        attempt.current?.words === words ? attempt.current : { words, key: newUuid(), altcha: null };
      const send = (altcha: string) => {
        attempt.current = { ...mine, altcha };
        return api.POST("/api/v1/public/complaints/messages", {
          params: { header: { "Idempotency-Key": mine.key } },
          body: {
            receipt_code: opened.code,
            body,
            ...(claims.length > 0 ? { uploads: claims } : {}),
            altcha,
          },
        });
      };
      return (await withProof(send, mine.altcha)).data;
    },
    onSuccess: (complaint) => {
      attempt.current = null;
      setBody("");
      uploads.clear();
      setSent(true);
      if (complaint) onChange(complaint);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const written = body.trim();
    const hindrance = whatHinders(uploads.snapshot());
    setFault(written ? undefined : t`请先写要补充的内容`);
    setHindrance(hindrance);
    if (written && !hindrance && !add.isPending) add.mutate(written);
  };
  return (
    <form className="no-print" onSubmit={submit} noValidate>
      <div className={`field short ${fault ? "has-err" : ""}`}>
        <label htmlFor="more">{label}</label>
        <FieldMessage id="more-err" message={fault} />
        <textarea
          className={`in ${fault ? "bad" : ""}`}
          id="more"
          rows={3}
          maxLength={5000}
          value={body}
          onFocus={prepare}
          onChange={(event) => {
            setBody(event.target.value);
            setSent(false);
          }}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? "more-err" : undefined}
        />
      </div>
      <Attach uploads={uploads} heading="h3" />
      {hindrance && (
        <p className="bad" role="alert">
          {words[hindrance]}
        </p>
      )}
      {add.isError && <FailureNotice error={add.error} focus kept={<Trans>您写的还在框里。</Trans>} />}
      <div className="btns close">
        <button type="submit" className="btn" aria-disabled={add.isPending}>
          {add.isPending ? <Trans>正在发送</Trans> : <Trans>发送</Trans>}
        </button>
        <span className="small muted" role="status">
          {isSent && <Trans>已经发给经办人。</Trans>}
        </span>
      </div>
      {add.isPending && <ProofProgress progress={progress} />}
    </form>
  );
}
