import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { formatWhen } from "../../../shared/format";
import { nameIn } from "../../../shared/i18n";
import { Note } from "../../shared/parts";
import { daysOf } from "./days";
import { StepDialog } from "./StepDialog";
import { Supervised } from "./Supervised";
import type { CaseActions } from "./useCase";
import { type Case, type DoableVerb, verbWords } from "./verbs";

/** What is out of the ordinary about a case, above everything else. */
export function Strips({ complaint, actions }: { complaint: Case; actions: CaseActions }) {
  const parts = [
    complaint.is_emergency && <Emergency key="emergency" />,
    complaint.supervision && <Supervised key="supervision" complaint={complaint} actions={actions} />,
    complaint.redo && <Redone key="redo" complaint={complaint} />,
    complaint.state === "waiting" && <Waiting key="waiting" complaint={complaint} />,
    complaint.extension?.is_granted === null && (
      <Extension key="extension" complaint={complaint} actions={actions} />
    ),
    complaint.longer_hold?.is_granted === null && (
      <LongerHold key="longer-hold" complaint={complaint} actions={actions} />
    ),
    complaint.duplicate_of && <Lead key="lead" complaint={complaint} />,
    complaint.duplicates.length > 0 && <Duplicates key="duplicates" complaint={complaint} />,
  ].filter(Boolean);
  return parts.length > 0 ? <div className="strips">{parts}</div> : null;
}

function Emergency() {
  return (
    <Note tone="la" icon="warn">
      <b>
        <Trans>紧急：有人可能正处在危险中。</Trans>
      </b>{" "}
      <Trans>先联系本人和学校，必要时报110、120，再写办理进展。</Trans>
    </Note>
  );
}

function Redone({ complaint }: { complaint: Case }) {
  const { i18n } = useLingui();
  const { redo } = complaint;
  if (!redo) return null;
  const day = formatWhen(redo.asked_on, i18n.locale);
  const name = redo.not_by ? nameIn(i18n.locale, redo.not_by) : "";
  return (
    <Note tone="so" icon="swap">
      <b>
        <Trans>投诉人不满意，{day}要求重办</Trans>
      </b>
      <p className="pre">{redo.reason}</p>
      {name && (
        <p className="m xs">
          <Trans>由另一位同事重新办理和答复，不能再由{name}写。</Trans>
        </p>
      )}
    </Note>
  );
}

function Waiting({ complaint }: { complaint: Case }) {
  const { i18n } = useLingui();
  const day = complaint.held_until ? formatWhen(complaint.held_until, i18n.locale) : "";
  return (
    <Note tone="so" icon="paused">
      <b>{day ? <Trans>等投诉人补充到{day}，期限暂停</Trans> : <Trans>等投诉人补充，期限暂停</Trans>}</b>{" "}
      <Trans>对方一回话，期限就接着走。</Trans>
    </Note>
  );
}

function Extension({ complaint, actions }: { complaint: Case; actions: CaseActions }) {
  const { t, i18n } = useLingui();
  const { extension } = complaint;
  if (!extension) return null;
  const who = extension.asked_by ? nameIn(i18n.locale, extension.asked_by) : t`承办人`;
  const days = daysOf(complaint, extension.days, i18n.locale, extension.clock);
  const says = (
    <Trans>
      {who}申请延长{days}，等负责人批准
    </Trans>
  );
  const verbs = ["extend", "refuse_extension"] as const;
  return <Asked {...{ complaint, actions, says, verbs }} reason={extension.reason} />;
}

function LongerHold({ complaint, actions }: { complaint: Case; actions: CaseActions }) {
  const { t, i18n } = useLingui();
  const asked = complaint.longer_hold;
  if (!asked) return null;
  const who = asked.asked_by ? nameIn(i18n.locale, asked.asked_by) : t`承办人`;
  const { days } = asked;
  const says = (
    <Trans>
      {who}申请多等投诉人{days}天，等负责人批准
    </Trans>
  );
  const verbs = ["grant_longer_hold", "refuse_longer_hold"] as const;
  return <Asked {...{ complaint, actions, says, verbs }} reason={asked.reason} />;
}

interface AskedProps {
  complaint: Case;
  actions: CaseActions;
  says: ReactNode;
  reason: string;
  verbs: readonly DoableVerb[];
}

/** Asked for and not decided: whoever may decide finds the buttons right here. */
function Asked({ complaint, actions, says, reason, verbs }: AskedProps) {
  const { t } = useLingui();
  const [open, setOpen] = useState<DoableVerb | null>(null);
  const may = verbs.filter((verb) => complaint.allowed_actions.includes(verb));
  const close = () => {
    setOpen(null);
    actions.forgetRefusal();
  };
  return (
    <Note icon="clock">
      <b>{says}</b>
      <p className="pre">{reason}</p>
      {may.length > 0 && (
        <p className="row noprint" style={{ marginTop: 8 }}>
          {may.map((verb) => (
            <button key={verb} type="button" className="btn sm" onClick={() => setOpen(verb)}>
              {t(verbWords[verb]?.label ?? { id: verb })}
            </button>
          ))}
        </p>
      )}
      {open && <StepDialog verb={open} complaint={complaint} actions={actions} onClose={close} />}
    </Note>
  );
}

function Lead({ complaint }: { complaint: Case }) {
  const lead = complaint.duplicate_of;
  if (!lead) return null;
  return (
    <Note icon="swap">
      <Trans>随主件一并答复：</Trans>
      <Link to={`/complaints/${lead.id}`}>
        {lead.number} {lead.title}
      </Link>
    </Note>
  );
}

function Duplicates({ complaint }: { complaint: Case }) {
  const count = complaint.duplicates.length;
  return (
    <Note icon="swap">
      <Trans>还有{count}件说的是同一件事，答复时一并发出：</Trans>
      <ul>
        {complaint.duplicates.map((one) => (
          <li key={one.id}>
            <Link to={`/complaints/${one.id}`}>
              {one.number} {one.title}
            </Link>
          </li>
        ))}
      </ul>
    </Note>
  );
}
