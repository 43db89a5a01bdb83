import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { When } from "../../../shared/When";
import { Icon } from "../../common/Icon";
import { nextStepOf } from "./nextStepOf";

type Complaint = Schemas["TrackedComplaint"];
type Step = Complaint["timeline"][number];

const happened: Record<string, MessageDescriptor> = {
  received: msg`收到您提的事`,
  accepted: msg`决定受理`,
  not_accepted: msg`决定不予受理`,
  assigned: msg`分给单位办理`,
  handling: msg`开始办理`,
  reply_drafted: msg`写好答复，送负责人审核`,
  replied: msg`答复了您`,
  rated: msg`您评价了答复`,
  concluded: msg`办结`,
  withdrawn: msg`您撤回了这件事`,
  message: msg`有新的留言`,
  referred: msg`转送主管的部门`,
  merged: msg`和同样的事一起办理`,
  held: msg`请您补充，期限暂停`,
  resumed: msg`期限恢复`,
  extended: msg`办理期限延长`,
  redo_asked: msg`您要求重新办理`,
  due_moved: msg`办理期限调整`,
};

const coming: Record<string, MessageDescriptor> = {
  screening: msg`告诉您是否受理`,
  your_answer: msg`等您补充`,
  assignment: msg`分给单位办理`,
  handling: msg`答复您`,
  approval: msg`答复您`,
  rating: msg`等您评价`,
};

/** Newest first: what comes next stands on top, dashed, since it has not happened. */
export function Timeline({ complaint }: { complaint: Complaint }) {
  const { t } = useLingui();
  const step = nextStepOf(complaint);
  const next = coming[step];
  const by = dayOf(step, complaint);
  // Steps of one day come in the order in which they happened.
  const steps = complaint.timeline.map((done, index) => ({ done, index })).toReversed();
  return (
    <ol className="tl">
      {next && (
        <li className="fut pre-fut">
          <span className="dot" />
          <div>
            {by && (
              <p>
                <Trans>
                  最迟
                  <When value={by} />
                </Trans>
              </p>
            )}
            <h3>{t(next)}</h3>
          </div>
        </li>
      )}
      {steps.map(({ done, index }) => (
        <Done key={`${index}-${done.action}`} step={done} />
      ))}
    </ol>
  );
}

/** By when what comes next comes: an answer of ours by its due date, one of theirs while the clock is held. */
function dayOf(step: Complaint["next_step"], complaint: Complaint): string | null {
  if (step === "rating") return complaint.rating_until;
  return step === "your_answer" ? complaint.held_until : complaint.due_on;
}

function Until({ action, day }: { action: Step["action"]; day: string }) {
  const when = <When value={day} />;
  switch (action) {
    case "held":
      return <Trans>等到{when}</Trans>;
    case "due_moved":
      return <Trans>改为{when}</Trans>;
    default:
      return <Trans>到{when}</Trans>;
  }
}

function Done({ step }: { step: Step }) {
  const { t, i18n } = useLingui();
  const words = happened[step.action];
  return (
    <li>
      <span className="dot">
        <Icon name="check" />
      </span>
      <div>
        <p>
          <When value={step.on} />
        </p>
        <h3>{words ? t(words) : step.action}</h3>
        {step.unit && <p>{nameIn(i18n.locale, step.unit)}</p>}
        {step.until && (
          <p>
            <Until action={step.action} day={step.until} />
          </p>
        )}
        {step.reason && <p>{step.reason}</p>}
      </div>
    </li>
  );
}
