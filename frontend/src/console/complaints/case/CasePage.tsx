import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { Link, useLocation, useParams } from "react-router";
import { formatWhen } from "../../../shared/format";
import { Attachments } from "../../attachments/Attachments";
import { useReadByOpening } from "../../notices/useNotices";
import { DueChip } from "../../shared/DueChip";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { Note, Skeleton } from "../../shared/parts";
import { ActionPanel } from "./ActionPanel";
import { Cards } from "./Cards";
import { CaseHead } from "./CaseHead";
import { ClockPanel } from "./ClockPanel";
import { Conversation } from "./Conversation";
import { Holder } from "./Holder";
import { Identity } from "./Identity";
import { Outcome } from "./Outcome";
import { ReplyEditor } from "./ReplyEditor";
import { SimilarCases } from "./SimilarCases";
import { StalePanel } from "./StalePanel";
import { Strips } from "./Strips";
import { Timeline } from "./Timeline";
import { type CaseActions, useCase } from "./useCase";
import { type Draft, useDraft } from "./useDraft";
import { useNeighbours } from "./useNeighbours";
import { type Case, verbWords } from "./verbs";
import { WhatChanged } from "./WhatChanged";
import { Words } from "./Words";

export default function CasePage() {
  const { id = "" } = useParams();
  return <LoadedCase key={id} id={id} />;
}

function LoadedCase({ id }: { id: string }) {
  const { t } = useLingui();
  const actions = useCase(id);
  const { complaint } = actions;
  useReadByOpening(id, complaint !== undefined);
  if (complaint) return <CaseView complaint={complaint} actions={actions} />;
  if (!actions.loadError) return <Skeleton lines={12} label={t`正在取这一件`} />;
  return (
    <div style={{ maxWidth: 640 }}>
      <ErrorNotice error={actions.loadError} retry={actions.reload} />
      <p style={{ marginTop: 12 }}>
        <Link to="/complaints">
          <Trans>回到投诉与建议</Trans>
        </Link>
      </p>
    </div>
  );
}

interface CaseViewProps {
  complaint: Case;
  actions: CaseActions;
}

function CaseView({ complaint, actions }: CaseViewProps) {
  const draft = useDraft(complaint);
  const neighbours = useNeighbours(complaint.id);
  useAnchor();
  const mayDraft = complaint.allowed_actions.includes("draft");
  const hasDraft = mayDraft || complaint.draft?.is_submitted;
  return (
    <div className="case">
      <CaseHead complaint={complaint} neighbours={neighbours} />
      <Strips complaint={complaint} actions={actions} />
      <PhoneDue complaint={complaint} />
      <StaleHelp complaint={complaint} actions={actions} draft={draft} />
      <div className="grid">
        <div className="lf">
          <div className="up">
            <div>
              <Words complaint={complaint} />
              <Attachments complaint={complaint} />
              <Conversation complaint={complaint} actions={actions} />
            </div>
            <Timeline complaint={complaint} />
          </div>
          <Outcome complaint={complaint} />
          <Cards complaint={complaint} />
          {hasDraft && <ReplyEditor complaint={complaint} actions={actions} draft={draft} />}
        </div>
        <aside className="rt">
          <ClockPanel complaint={complaint} />
          <Holder complaint={complaint} />
          <Identity complaint={complaint} />
          <ActionPanel complaint={complaint} actions={actions} />
          <SimilarCases complaint={complaint} actions={actions} />
        </aside>
      </div>
      <PhoneBar mayDraft={mayDraft} />
    </div>
  );
}

/** On a phone the steps stand far down the page: they stay in reach of the thumb. */
function PhoneBar({ mayDraft }: { mayDraft: boolean }) {
  const { t } = useLingui();
  return (
    <div className="phone">
      <nav className="stick" aria-label={t`这一件的操作`}>
        <a className={mayDraft ? "btn" : "btn p"} href="#actions">
          <Trans>能做的事</Trans>
        </a>
        {mayDraft && (
          <a className="btn p" href="#reply">
            <Trans>写答复</Trans>
          </a>
        )}
      </nav>
    </div>
  );
}

/** A link to a part of the page works although the page was not there yet when it was followed. */
function useAnchor() {
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView?.({ block: "start" });
  }, [hash]);
}

function PhoneDue({ complaint }: { complaint: Case }) {
  const { i18n } = useLingui();
  if (!complaint.due_on) return null;
  const day = formatWhen(complaint.due_on, i18n.locale);
  return (
    <div className="phone">
      <div className="pdue">
        <DueChip item={complaint} />
        <span className="sp" />
        <a href="#clock">
          <Trans>{day}，怎么算的</Trans>
        </a>
      </div>
    </div>
  );
}

/** Somebody else was faster: the texts side by side where text is at stake, else what is new. */
function StaleHelp({ complaint, actions, draft }: CaseViewProps & { draft: Draft }) {
  const { stale } = actions;
  if (draft.isConflicting || (stale?.verb === "draft" && draft.isDirty)) {
    return (
      <StalePanel complaint={complaint} seen={stale?.seen ?? null} draft={draft} onSettled={actions.settle} />
    );
  }
  if (!stale || stale.verb === "draft") return null;
  return <NotDone complaint={complaint} actions={actions} />;
}

function NotDone({ complaint, actions }: CaseViewProps) {
  const { t } = useLingui();
  if (!actions.stale) return null;
  const words = verbWords[actions.stale.verb];
  const wanted = words ? t(words.label) : "";
  return (
    <div style={{ marginBottom: 16 }}>
      <Note tone="so" live="status" icon="swap">
        <b>
          <Trans>您看的时候，别人改了这一件，“{wanted}”没有做。</Trans>
        </b>{" "}
        <Trans>下面已经是新的情况；还要做的话，再点一次。</Trans>
        <WhatChanged before={actions.stale.seen} after={complaint} />
        <p style={{ marginTop: 8 }}>
          <button type="button" className="btn sm" onClick={actions.settle}>
            <Trans>知道了</Trans>
          </button>
        </p>
      </Note>
    </div>
  );
}
