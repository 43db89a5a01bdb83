import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect, useRef } from "react";
import type { Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { When } from "../../../shared/When";
import type { IconName } from "../../common/Icon";
import { Tag } from "../../common/Page";
import { Add } from "./Add";
import type { CaseProps } from "./CaseView";
import { HowComputed } from "./HowComputed";
import { nextStepOf } from "./nextStepOf";

type Complaint = Schemas["TrackedComplaint"];

interface Told {
  tag: ReactNode;
  tone: Parameters<typeof Tag>[0]["tone"];
  icon: IconName;
  title: ReactNode;
  says?: ReactNode;
}

interface Props extends CaseProps {
  /** What the reader has just done, said where it led to; null before. */
  done: string | null;
}

/** What comes next, by when, and who has to do it. */
export function NextStep({ opened, onChange, done }: Props) {
  const { complaint } = opened;
  const heading = useRef<HTMLHeadingElement>(null);
  // The form that was sent is gone, and the focus with it.
  useEffect(() => {
    if (done) heading.current?.focus();
  }, [done]);
  const told = useTold(complaint);
  const isWaiting = nextStepOf(complaint) !== "none";
  const reason = complaint.not_accepted_reason ?? complaint.referred_reason;
  return (
    <section className="next" aria-labelledby="next">
      <div className="hd">
        <div className="lab">
          <span>{isWaiting ? <Trans>接下来</Trans> : <Trans>结果</Trans>}</span>
          <Tag tone={told.tone} icon={told.icon}>
            {told.tag}
          </Tag>
        </div>
        {done && (
          <p className="small" role="status">
            {done}
          </p>
        )}
        <h2 id="next" tabIndex={-1} ref={heading}>
          {told.title}
        </h2>
        {told.says && <p className="t">{told.says}</p>}
        {isAnsweredHere(complaint) && <AnswerHere opened={opened} onChange={onChange} />}
        {!isWaiting && reason && (
          <dl className="dl">
            <dt>
              <Trans>理由</Trans>
            </dt>
            <dd>{reason}</dd>
            {complaint.where_to_go && (
              <>
                <dt>
                  <Trans>可以去</Trans>
                </dt>
                <dd>{complaint.where_to_go}</dd>
              </>
            )}
          </dl>
        )}
        {isWaiting && complaint.due_on && complaint.due_is_provisional && (
          <p className="note">
            <Trans>这个日期是暂定的：那一年的放假安排还没有公布。公布以后可能往后挪，不会提前。</Trans>
          </p>
        )}
      </div>
      {isWaiting && complaint.due && <HowComputed due={complaint.due} timeline={complaint.timeline} />}
    </section>
  );
}

/** The clock is held for the complainant's answer: it is given right here, and not further down. */
export function isAnsweredHere({ held_until, allowed_actions }: Complaint): boolean {
  return held_until !== null && allowed_actions.includes("add");
}

function AnswerHere({ opened, onChange }: CaseProps) {
  const question = opened.complaint.messages.findLast(({ from }) => from === "staff");
  return (
    <div className="ask">
      {question && (
        <figure>
          <figcaption className="small">
            <Trans>经办人问您</Trans> <When value={question.on} />
          </figcaption>
          <blockquote className="text">{question.body}</blockquote>
        </figure>
      )}
      <Add opened={opened} onChange={onChange} label={<Trans>您的回答</Trans>} />
    </div>
  );
}

function useTold(complaint: Complaint): Told {
  const { i18n } = useLingui();
  const unit = nameIn(i18n.locale, complaint.unit);
  const by = complaint.due_on ? <When value={complaint.due_on} /> : null;
  const answerBy = by && (
    <Trans>
      最迟<b>{by}</b>答复您。
    </Trans>
  );
  switch (nextStepOf(complaint)) {
    case "screening":
      return {
        tag: <Trans>等着受理</Trans>,
        tone: "soon",
        icon: "clock",
        title: <Trans>教育局正在看内容，决定由谁来办</Trans>,
        says: by && (
          <Trans>
            最迟<b>{by}</b>给您回音。
          </Trans>
        ),
      };
    case "your_answer":
      return {
        tag: <Trans>等您补充</Trans>,
        tone: "soon",
        icon: "clock",
        title: <Trans>经办人有话问您，等您回答</Trans>,
        says: complaint.held_until && (
          <Trans>
            我们等到
            <b>
              <When value={complaint.held_until} />
            </b>
            ，这段时间办理期限暂停；您一回答就接着办。{answerBy}
          </Trans>
        ),
      };
    case "assignment":
      return {
        tag: <Trans>已受理</Trans>,
        tone: "run",
        icon: "done",
        title: <Trans>已经受理，正在分给该办的人</Trans>,
        says: answerBy,
      };
    case "handling":
      return {
        tag: <Trans>办理中</Trans>,
        tone: "run",
        icon: "clock",
        title: <Trans>{unit}正在办理</Trans>,
        says: answerBy,
      };
    case "approval":
      return {
        tag: <Trans>答复待审</Trans>,
        tone: "run",
        icon: "clock",
        title: <Trans>答复已经写好，正等负责人审核</Trans>,
        says: answerBy,
      };
    case "rating":
      return {
        tag: <Trans>等您评价</Trans>,
        tone: "soon",
        icon: "clock",
        title: <Trans>已经答复您，请看看满不满意</Trans>,
        says: <Trans>答复在下面。一直没有评价的，过一段时间自动办结。</Trans>,
      };
    default:
      return toldAtTheEnd(complaint);
  }
}

function toldAtTheEnd(complaint: Complaint): Told {
  if (complaint.state === "referred") {
    return {
      tag: <Trans>已转送</Trans>,
      tone: "none",
      icon: "ended",
      title: <Trans>这件事归别的部门管，已经转送</Trans>,
    };
  }
  if (complaint.state === "not_accepted") {
    return {
      tag: <Trans>不予受理</Trans>,
      tone: "none",
      icon: "ended",
      title: <Trans>这件事我们不能受理</Trans>,
    };
  }
  if (complaint.state === "withdrawn") {
    return {
      tag: <Trans>已撤回</Trans>,
      tone: "none",
      icon: "ended",
      title: <Trans>您撤回了这件事</Trans>,
      says: <Trans>不再办理。以后有需要，可以重新提交。</Trans>,
    };
  }
  if (complaint.state !== "concluded" && complaint.rating) {
    return {
      tag: <Trans>已评价</Trans>,
      tone: "run",
      icon: "done",
      title: <Trans>您的评价已经收到</Trans>,
      says: <Trans>办理的单位会看到您的评价和您写的话。</Trans>,
    };
  }
  if (complaint.state === "replied") {
    return {
      tag: <Trans>已答复</Trans>,
      tone: "good",
      icon: "done",
      title: <Trans>已经答复您</Trans>,
      says: <Trans>答复在下面。</Trans>,
    };
  }
  return {
    tag: <Trans>已办结</Trans>,
    tone: "good",
    icon: "done",
    title: <Trans>这件事已经办结</Trans>,
    says: complaint.rating ? <Trans>谢谢您的评价。</Trans> : undefined,
  };
}
