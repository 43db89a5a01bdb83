import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { api, type Schemas } from "../../../api/client";
import { satisfactionLabels } from "../../../shared/labels";
import { When } from "../../../shared/When";
import { FieldMessage } from "../../common/ErrorSummary";
import { Face } from "../../common/Face";
import { FailureNotice } from "../../common/FailureNotice";
import { ProofProgress } from "../proof/ProofProgress";
import { useProof } from "../proof/useProof";
import type { CaseProps } from "./CaseView";

const levels = [5, 4, 3, 2, 1];

export function Rate({ opened, onChange }: CaseProps) {
  const { t } = useLingui();
  const [level, setLevel] = useState<number | null>(null);
  const [comment, setComment] = useState("");
  const [isMissing, setMissing] = useState(false);
  const { prepare, withProof, progress } = useProof();
  const rate = useMutation({
    mutationFn: async (chosen: number) => {
      const words = comment.trim();
      const send = (altcha: string) =>
        api.POST("/api/v1/public/complaints/rating", {
          body: { receipt_code: opened.code, level: chosen, ...(words ? { comment: words } : {}), altcha },
        });
      return (await withProof(send)).data;
    },
    onSuccess: (complaint) => complaint && onChange(complaint),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(level === null);
    if (level !== null && !rate.isPending) rate.mutate(level);
  };
  const isNegative = level !== null && level <= 2;
  return (
    <form className="ft no-print" onSubmit={submit}>
      <fieldset>
        <legend>
          <Trans>您对这个答复满意吗？</Trans>
        </legend>
        <FieldMessage id="level-err" message={isMissing && level === null ? t`请先选一个` : undefined} />
        <div className="faces mini">
          {levels.map((each) => (
            <label key={each} className={`facebtn ${level === each ? "on" : ""}`}>
              <input
                type="radio"
                name="level"
                checked={level === each}
                onChange={() => {
                  setLevel(each);
                  prepare();
                }}
              />
              <Face level={each} />
              <span className="w">{t(satisfactionLabels[each] ?? { id: "" })}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {level !== null && (
        <div className="field">
          <label htmlFor="comment">
            {isNegative ? <Trans>哪里没有解决？</Trans> : <Trans>还想说的</Trans>}
            <span className="opt">
              <Trans>选填</Trans>
            </span>
          </label>
          <textarea
            className="in"
            id="comment"
            rows={3}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          <p className="hint">
            {isNegative ? (
              <Trans>您的评价会记入这个单位的办理情况，办理的人会看到您写的话。</Trans>
            ) : (
              <Trans>评价“基本满意”以上，这件事就办结了。</Trans>
            )}
          </p>
        </div>
      )}
      {rate.isError && <FailureNotice error={rate.error} focus kept={<Trans>您选的和写的都还在。</Trans>} />}
      <div className="btns">
        <button type="submit" className="btn primary" aria-disabled={rate.isPending}>
          {rate.isPending ? <Trans>正在提交</Trans> : <Trans>提交评价</Trans>}
        </button>
      </div>
      {rate.isPending && <ProofProgress progress={progress} />}
    </form>
  );
}

/** The rating that was given. It takes the focus when it has just taken the form's place. */
export function Rating({ rating }: { rating: NonNullable<Schemas["TrackedComplaint"]["rating"]> }) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) box.current?.focus();
  }, []);
  return (
    <div className="ft" role="status" tabIndex={-1} ref={box}>
      <div className="chosen">
        <Face level={rating.level} />
        <div>
          <p className="strong">
            <Trans>您的评价：{t(satisfactionLabels[rating.level] ?? { id: String(rating.level) })}</Trans>
          </p>
          <p className="small muted">
            <When value={rating.rated_on} />
          </p>
          {rating.comment && <p className="text small">{rating.comment}</p>}
        </div>
      </div>
    </div>
  );
}
