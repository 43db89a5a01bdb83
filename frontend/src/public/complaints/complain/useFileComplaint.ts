import { useCallback, useRef, useState } from "react";
import { api, type Schemas } from "../../../api/client";
import { claimsOf } from "../../../shared/uploads/store";
import { useProof } from "../proof/useProof";
import { attemptFor, type Draft, noteProof, payloadOf } from "./draft";

type Receipt = Schemas["ComplaintReceipt"];

const PATIENCE_MS = 45_000;

/**
 * Files the draft. Until an answer came, the proof of the last attempt goes with the next one, too: the server then sees
 * the very same request again and answers with the same receipt, however often it is sent.
 */
export function useFileComplaint(onFiled: (receipt: Receipt) => void) {
  const { prepare, withProof, progress } = useProof();
  const [error, setError] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  const isBusy = useRef(false);

  const file = useCallback(
    async (draft: Draft) => {
      // A second press comes before the disabled button is drawn.
      if (isBusy.current) return;
      isBusy.current = true;
      setSending(true);
      setError(null);
      const uploads = claimsOf(draft.uploads);
      const payload = { ...payloadOf(draft), ...(uploads.length > 0 ? { uploads } : {}) };
      const attempt = attemptFor(payload);
      const send = async (altcha: string) => {
        noteProof(attempt, altcha);
        const { data } = await api.POST("/api/v1/public/complaints", {
          params: { header: { "Idempotency-Key": attempt.key } },
          body: { ...payload, altcha },
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        if (!data) throw new Error("an answer without a receipt");
        return data;
      };
      try {
        onFiled(await withProof(send, attempt.altcha));
      } catch (failure) {
        setError(failure);
      } finally {
        isBusy.current = false;
        setSending(false);
      }
    },
    [onFiled, withProof],
  );

  return { file, prepare, error, isSending, progress };
}
