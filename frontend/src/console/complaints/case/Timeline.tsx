import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../../api/client";
import { formatDays, formatWhen } from "../../../shared/format";
import { nameIn } from "../../../shared/i18n";
import { stepWords, wordFor } from "../../shared/labels";
import { Dot } from "../../shared/parts";
import { useDoer } from "../../shared/useDoer";
import { ShortDay } from "../queue/ShortDay";
import type { Case } from "./verbs";

/** What happened, the latest first, and what comes next. */
export function Timeline({ complaint }: { complaint: Case }) {
  const steps = complaint.timeline.toReversed();
  return (
    <section className="tlw" aria-labelledby="timeline-head">
      <h2 id="timeline-head">
        <Trans>经过</Trans>
      </h2>
      <ol className="tl">
        <Next complaint={complaint} />
        {steps.map((step, index) => (
          <Step key={step.id} step={step} isLatest={index === 0} />
        ))}
      </ol>
    </section>
  );
}

function Next({ complaint }: { complaint: Case }) {
  const { t } = useLingui();
  const words: Record<string, string> = {
    received: t`决定受不受理`,
    accepted: t`交办或写答复`,
    assigned: t`写答复稿`,
    in_handling: t`写好答复，送审`,
    reply_drafted: t`负责人批准后发出`,
    replied: t`等投诉人评价`,
    objected: t`创先争优办重新交办`,
    waiting: t`等投诉人补充`,
    redoing: t`换一位同事重新办理`,
    duplicate: t`随主件一并答复`,
  };
  const next = words[complaint.state];
  if (!next) return null;
  return (
    <li className="nx">
      <span className="row">
        <span className="sp">{next}</span>
        {complaint.due_on && complaint.phase !== "none" && (
          <span className="w nb">
            <Trans>最迟</Trans> <ShortDay value={complaint.due_on} />
          </span>
        )}
      </span>
    </li>
  );
}

function Step({ step, isLatest }: { step: Schemas["ComplaintStep"]; isLatest: boolean }) {
  const { t, i18n } = useLingui();
  const doer = useDoer();
  return (
    <li className={isLatest ? "now" : undefined}>
      <span className="row" title={step.at ? formatWhen(step.at, i18n.locale) : undefined}>
        <span className="sp">
          {t(wordFor(stepWords, step.action))} <span className="w nb">{doer(step)}</span>
        </span>
        <span className="w nb">
          <ShortDay value={step.on} />
        </span>
      </span>
      {(step.unit || step.handler) && (
        <p className="w">
          {step.unit && nameIn(i18n.locale, step.unit)}
          {step.unit && step.handler && <Dot />}
          {step.handler && nameIn(i18n.locale, step.handler)}
        </p>
      )}
      <Detail step={step} />
      {step.note && <p className="w pre">{step.note}</p>}
    </li>
  );
}

export const rungs: Record<string, MessageDescriptor> = {
  due_soon: msg`快到期提醒`,
  yellow_card: msg`黄牌`,
  red_card: msg`红牌`,
  circular_notice: msg`通报建议`,
};

type FormatDay = (value: string, locale: string) => string;

/** The dates and numbers that go with a step, in words. */
export function useDetails(step: Schemas["ComplaintStep"], format: FormatDay = formatWhen): string[] {
  const { t, i18n } = useLingui();
  const day = step.until ? format(step.until, i18n.locale) : "";
  const until: Record<string, string> = {
    held: t`最迟等到${day}`,
    longer_hold_granted: t`最迟等到${day}`,
    supervised: t`要求${day}前办结`,
    report_missed: t`应在${day}前报告`,
    reminded: t`期限是${day}`,
    due_moved: t`改到${day}`,
    due_bound: t`改到${day}`,
  };
  const said: string[] = [];
  if (step.rung) said.push(t(wordFor(rungs, step.rung)));
  if (step.days !== null) {
    const days = formatDays(
      step.days,
      step.counts === "working_days" ? "working_days" : "calendar_days",
      i18n.locale,
    );
    said.push(step.action.startsWith("longer_hold") ? t`多等${days}` : t`延长${days}`);
  }
  if (step.objection_upheld === true) said.push(t`异议成立`);
  if (step.objection_upheld === false) said.push(t`异议不成立`);
  if (day) said.push(until[step.action] ?? day);
  return said;
}

function Detail({ step }: { step: Schemas["ComplaintStep"] }) {
  const said = useDetails(step);
  return said.length > 0 ? <p className="w">{said.join(" · ")}</p> : null;
}
