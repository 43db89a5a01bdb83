import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { ApiError, fieldErrors } from "../../../api/problem";
import { nameIn } from "../../../shared/i18n";
import { complaintKindLabels } from "../../../shared/labels";
import { whatHinders } from "../../../shared/uploads/store";
import { useUploadWords } from "../../../shared/uploads/words";
import { ErrorSummary, type FieldError } from "../../common/ErrorSummary";
import { FailureNotice } from "../../common/FailureNotice";
import { Split } from "../../common/Page";
import { ProofProgress } from "../proof/ProofProgress";
import { keepReceipt } from "../receipt";
import { uploadsOfDraft } from "../uploads/ofDraft";
import type { Draft } from "./draft";
import { Discard } from "./KeptDraft";
import { type Step, stepOf } from "./steps";
import { useFileComplaint } from "./useFileComplaint";

export default function CheckStep({ draft }: { draft: Draft }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const onFiled = useCallback<Parameters<typeof useFileComplaint>[0]>(
    (receipt) => {
      keepReceipt(receipt);
      void navigate("/receipt", { replace: true });
    },
    [navigate],
  );
  const { file, prepare, error, isSending, progress } = useFileComplaint(onFiled);
  const words = useUploadWords();
  const [hindrance, setHindrance] = useState<"busy" | "bad" | null>(null);
  const submit = () => {
    const found = whatHinders(draft.uploads);
    setHindrance(found);
    if (!found) void file(draft);
  };
  const [, ofFiles] = Object.entries(fieldErrors(error)).find(([field]) => field.startsWith("uploads")) ?? [];
  // The proof is worked out while the reader checks the text, so that sending takes no time.
  useEffect(() => {
    prepare();
    // After a reload of this page: what is still on its way goes on.
    uploadsOfDraft();
    // The page that shows the code shall be there when the answer comes, even if the connection is gone by then.
    void import("../ReceiptPage").catch(() => undefined);
  }, [prepare]);
  const refused = useMemo<FieldError[]>(
    () =>
      Object.entries(fieldErrors(error))
        .filter(([field]) => stepOf(field) !== "check")
        .map(([field, message]) => ({ field, message })),
    [error],
  );
  const open = (field: string) => {
    const step = stepOf(field);
    const errors = refused.filter((each) => stepOf(each.field) === step);
    void navigate(`/complain/${step}`, { state: { focus: field, errors } });
  };
  return (
    <Split aside={<Afterwards draft={draft} />}>
      <ErrorSummary errors={refused} onOpen={open} />
      <h1>
        <Trans>检查一遍，再提交</Trans>
      </h1>
      <p className="lede">
        <Trans>现在还没有提交。</Trans>
      </p>
      <Summary draft={draft} />
      {Boolean(error) && refused.length === 0 && (
        <FailureNotice error={error} focus retry={submit} kept={<Kept error={error} />} />
      )}
      {(ofFiles || hindrance) && (
        <p className="bad" role="alert">
          {ofFiles ?? (hindrance && words[hindrance])}
        </p>
      )}
      <div className="btns stack">
        <button type="button" className="btn primary" aria-disabled={isSending} onClick={submit}>
          {isSending ? (
            <Trans>正在提交</Trans>
          ) : (
            t`提交${t(complaintKindLabels[draft.kind ?? "grievance"]).toLocaleLowerCase()}`
          )}
        </button>
        <Discard />
      </div>
      {isSending && <ProofProgress progress={progress} />}
      <p className="small muted after">
        <Trans>提交后，在收到答复以前随时可以撤回。</Trans>
      </p>
    </Split>
  );
}

function Kept({ error }: { error: unknown }) {
  if (error instanceof ApiError) return <Trans>您写的都还存在这台设备上。</Trans>;
  // Nothing came back, so nobody here knows whether it arrived. Sending the same again cannot do harm.
  return <Trans>您写的都还存在这台设备上。再按一次也不会重复提交：同样的内容只算一件。</Trans>;
}

function Summary({ draft }: { draft: Draft }) {
  const { t, i18n } = useLingui();
  const words = useUploadWords();
  const isReport = draft.kind === "report";
  return (
    <dl className="sum">
      <Row step="about" name={t`关于谁`}>
        {draft.about === "unit" && draft.unit ? (
          nameIn(i18n.locale, draft.unit)
        ) : (
          <Trans>不清楚是哪个单位，由教育局确定</Trans>
        )}
      </Row>
      <Row step="what" name={t`哪一类`} field="kind">
        {draft.kind && t(complaintKindLabels[draft.kind])}
      </Row>
      <Row step="what" name={t`什么事`} field="title">
        {draft.title.trim()}
      </Row>
      <Row step="what" name={t`经过`} field="body">
        {draft.body
          .trim()
          .split(/\n\s*\n/)
          .map((paragraph, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the paragraphs of a finished text never move.
            <p key={index}>{paragraph}</p>
          ))}
      </Row>
      <Row step="what" name={words.title}>
        {draft.uploads.length === 0 && <span className="muted">{words.none}</span>}
        {draft.uploads.map(({ key, name, state }) => (
          <span key={key} className="line">
            {name} <span className="muted small">{words.short[state]}</span>
          </span>
        ))}
      </Row>
      <Row step="answer" name={t`怎么答复您`}>
        {draft.answer === "named" ? (
          <>
            {draft.name.trim()}
            {draft.phone.trim() && <span className="line">{draft.phone.trim()}</span>}
            {draft.email.trim() && <span className="line">{draft.email.trim()}</span>}
          </>
        ) : (
          <Trans>凭查询码自己来看，不留姓名</Trans>
        )}
      </Row>
      <div>
        <dt>
          <Trans>谁能看到</Trans>
        </dt>
        <dd className="v">
          {isReport ? (
            <Trans>只有教育局的纪检督查人员能看到，被举报的单位和人都看不到。</Trans>
          ) : draft.answer === "named" ? (
            <Trans>教育局和办理的单位看得到内容，看不到您的姓名和联系方式。</Trans>
          ) : (
            <Trans>教育局和办理的单位看得到内容，不知道您是谁。</Trans>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Row({
  step,
  name,
  field,
  children,
}: {
  step: Step;
  name: string;
  field?: string;
  children: ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="v">{children}</dd>
      <dd className="x">
        <Link to={`/complain/${step}`} state={field ? { focus: field } : null}>
          <Trans>更改</Trans>
          <span className="sr">{name}</span>
        </Link>
      </dd>
    </div>
  );
}

function Afterwards({ draft }: { draft: Draft }) {
  return (
    <div className="box">
      <h2>
        <Trans>提交以后</Trans>
      </h2>
      <ol className="steps small">
        <li>
          <span>
            <Trans>马上给您一个查询码，请记下来。</Trans>
          </span>
        </li>
        <Clock kind={draft.kind} />
        <li>
          <span>
            <Trans>有了答复，请您评价满不满意。</Trans>
          </span>
        </li>
      </ol>
    </div>
  );
}

function Clock({ kind }: { kind: Draft["kind"] }) {
  if (kind === "praise") {
    return (
      <li>
        <span>
          <Trans>转给您表扬的单位。</Trans>
        </span>
      </li>
    );
  }
  if (kind === "inquiry" || kind === "suggestion") {
    return (
      <li>
        <span>
          {kind === "inquiry" ? (
            <Trans>
              <span className="nb">5个工作日</span>内答复您。
            </Trans>
          ) : (
            <Trans>
              <span className="nb">15个工作日</span>内答复您。
            </Trans>
          )}
        </span>
      </li>
    );
  }
  return (
    <>
      <li>
        <span>
          <Trans>
            <span className="nb">15天</span>内告诉您是否受理；不受理会说明理由，以及该去哪里。
          </Trans>
        </span>
      </li>
      <li>
        <span>
          <Trans>
            受理后最长<span className="nb">60天</span>办结。
          </Trans>
        </span>
      </li>
    </>
  );
}
