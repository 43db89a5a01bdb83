import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { Icon } from "../../shared/Icon";
import { BusyButton } from "../../shared/parts";
import { AccusedDrawer } from "./AccusedDrawer";
import { ApproveDialog } from "./ApproveDialog";
import { AssignDrawer } from "./AssignDrawer";
import { ClassifyDialog } from "./ClassifyDialog";
import { MergeDrawer } from "./MergeDrawer";
import { StepDialog } from "./StepDialog";
import { stepForms } from "./stepForms";
import type { CaseActions } from "./useCase";
import { type Case, type DoableVerb, isSeldom, type Verb, verbOrder, verbWords } from "./verbs";

/** Verbs that are done in the page itself: pressing leads there. */
const PLACES: Partial<Record<Verb, string>> = { draft: "part-request", message: "message" };
/** Verbs without a word to write and without harm: one press does them. */
const AT_ONCE: readonly Verb[] = ["accept", "reply", "resume"];

interface ActionPanelProps {
  complaint: Case;
  actions: CaseActions;
}

/** What one may do now, each with what it will do; what one may not do now, with the reason. */
export function ActionPanel({ complaint, actions }: ActionPanelProps) {
  const [open, setOpen] = useState<Verb | null>(null);
  const allowed = verbOrder.filter((verb) => complaint.allowed_actions.includes(verb as Verb)) as Verb[];
  const refused = complaint.refused_actions.filter(
    ({ action }) => !allowed.includes(action) && action in verbWords,
  );
  const isLater = (verb: string) => isSeldom(verb, complaint.state);
  const more = allowed.filter(isLater);
  const moreRefused = refused.filter(({ action }) => isLater(action));
  const usual = allowed.filter((verb) => !isLater(verb));
  const usualRefused = refused.filter(({ action }) => !isLater(action));
  const hasUsual = usual.length + usualRefused.length > 0;
  const { refusal } = actions;
  const press = (verb: Verb) => {
    actions.forgetRefusal();
    const place = PLACES[verb];
    if (place) document.getElementById(place)?.focus();
    else if (AT_ONCE.includes(verb)) void actions.run(verb as "accept" | "reply" | "resume", {});
    else setOpen(verb);
  };
  const close = () => {
    setOpen(null);
    actions.forgetRefusal();
  };
  return (
    <section className="panel" id="actions" aria-labelledby="actions-head">
      <div className="ph">
        <h2 id="actions-head">
          <Trans>您现在可以做</Trans>
        </h2>
      </div>
      {hasUsual && (
        <ul className="acts">
          {usual.map((verb, index) => (
            <Allowed
              key={verb}
              verb={verb}
              isFirst={index === 0 && isStepForward(verb, complaint.state)}
              actions={actions}
              onPress={() => press(verb)}
            />
          ))}
          {usualRefused.map(({ action, detail }) => (
            <Refused key={action} verb={action} why={detail} />
          ))}
        </ul>
      )}
      {!hasUsual && more.length === 0 && (
        <p className="m xs pb">
          <Trans>现在没有轮到您的一步，您可以看。</Trans>
        </p>
      )}
      {more.length + moreRefused.length > 0 && (
        <details className="more" open={!hasUsual && more.length > 0}>
          <summary>
            <Icon name="down" small />
            <Trans>更多</Trans>
          </summary>
          <ul className="acts">
            {more.map((verb) => (
              <Allowed key={verb} verb={verb} isFirst={false} actions={actions} onPress={() => press(verb)} />
            ))}
            {moreRefused.map(({ action, detail }) => (
              <Refused key={action} verb={action} why={detail} />
            ))}
          </ul>
        </details>
      )}
      {refusal && AT_ONCE.includes(refusal.verb) && !actions.stale && <ErrorNotice error={refusal.error} />}
      {open === "assign" && <AssignDrawer complaint={complaint} actions={actions} onClose={close} />}
      {open === "name_accused" && <AccusedDrawer complaint={complaint} actions={actions} onClose={close} />}
      {open === "approve" && <ApproveDialog complaint={complaint} actions={actions} onClose={close} />}
      {open === "classify" && <ClassifyDialog complaint={complaint} actions={actions} onClose={close} />}
      {open === "merge" && <MergeDrawer complaint={complaint} actions={actions} onClose={close} />}
      {open && stepForms[open] && (
        <StepDialog verb={open as DoableVerb} complaint={complaint} actions={actions} onClose={close} />
      )}
    </section>
  );
}

/** The one filled button of the page is what moves the case on; while a reply is written, that is in the editor. */
function isStepForward(verb: Verb, state: string): boolean {
  return (
    ["approve", "reply", "accept", "extend"].includes(verb) ||
    (verb === "assign" && ["accepted", "objected", "redoing"].includes(state))
  );
}

interface AllowedProps {
  verb: Verb;
  isFirst: boolean;
  actions: CaseActions;
  onPress: () => void;
}

function Allowed({ verb, isFirst, actions, onPress }: AllowedProps) {
  const { t } = useLingui();
  const words = verbWords[verb];
  if (!words) return null;
  const look = verb === "withdraw" ? "btn sm dz" : isFirst ? "btn sm p" : "btn sm";
  return (
    <li className="act">
      <BusyButton
        className={look}
        isBusy={actions.running === verb}
        disabled={actions.isBusy}
        aria-describedby={`does-${verb}`}
        onClick={onPress}
      >
        {t(words.label)}
      </BusyButton>
      <p className="xs" id={`does-${verb}`}>
        {t(words.does)}
      </p>
    </li>
  );
}

function Refused({ verb, why }: { verb: string; why: string }) {
  const { t } = useLingui();
  const words = verbWords[verb];
  if (!words) return null;
  return (
    <li className="act">
      <button type="button" className="btn sm" aria-disabled="true" aria-describedby={`why-${verb}`}>
        {t(words.label)}
      </button>
      <p className="xs m" id={`why-${verb}`}>
        {why}
      </p>
    </li>
  );
}
