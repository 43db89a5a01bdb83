import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { complaintKindLabels } from "../../../shared/labels";
import { FailureNotice } from "../../common/FailureNotice";
import { Fold } from "../../common/Fold";
import { Icon } from "../../common/Icon";
import { InDanger } from "../../common/InDanger";
import { Split } from "../../common/Page";
import { Answer } from "./Answer";
import type { Opened } from "./FollowPage";
import { IdentityOpenings } from "./IdentityOpenings";
import { Messages } from "./Messages";
import { isAnsweredHere, NextStep } from "./NextStep";
import { OwnFiles } from "./OwnFiles";
import { Rate, Rating } from "./Rate";
import { Redo } from "./Redo";
import { Timeline } from "./Timeline";
import { Withdraw } from "./Withdraw";
import { forgetWords } from "./words";

type Complaint = Schemas["TrackedComplaint"];

export interface CaseProps {
  opened: Opened;
  onChange: (complaint: Complaint) => void;
}

interface Props extends CaseProps {
  onRefresh: () => void;
  refreshing: { isPending: boolean; error: unknown };
  onLeave: () => void;
}

export default function CaseView({ opened, onChange: show, onRefresh, refreshing, onLeave }: Props) {
  const { t, i18n } = useLingui();
  const { complaint } = opened;
  const [done, setDone] = useState<string | null>(null);
  const onChange = (next: Complaint, words: string | null = null) => {
    setDone(words);
    show(next);
  };
  const leave = () => {
    forgetWords(complaint);
    onLeave();
  };
  const may = (action: Complaint["allowed_actions"][number]) => complaint.allowed_actions.includes(action);
  return (
    <div className="wrap">
      <button type="button" className="back link" onClick={leave}>
        <Icon name="back" />
        <Trans>查另一件</Trans>
      </button>
      <Split
        aside={
          <>
            <Also onRefresh={onRefresh} isRefreshing={refreshing.isPending} onLeave={leave} />
            <Own complaint={complaint} />
          </>
        }
      >
        <h1>{complaint.title}</h1>
        <p className="meta">
          <span>{t(complaintKindLabels[complaint.kind])}</span>
          <span>{nameIn(i18n.locale, complaint.unit)}</span>
          <span className="nb">{complaint.number}</span>
        </p>
        {Boolean(refreshing.error) && <FailureNotice error={refreshing.error} retry={onRefresh} focus />}
        {complaint.is_emergency && <InDanger />}
        <NextStep opened={opened} onChange={(next) => onChange(next, t`已经发给经办人。`)} done={done} />
        {(complaint.reply || may("rate") || complaint.rating) && (
          <section className="sec" aria-labelledby="answer">
            <header>
              <h2 id="answer">
                <Trans>给您的答复</Trans>
              </h2>
            </header>
            <div className="answer">
              {complaint.reply && <Answer reply={complaint.reply} />}
              {complaint.rating && <Rating rating={complaint.rating} />}
              {may("rate") && <Rate opened={opened} onChange={onChange} />}
              {may("redo") && (
                <Redo
                  key={complaint.rating ? "rated" : "unrated"}
                  opened={opened}
                  onChange={(next) => onChange(next, t`收到了，会换一位经办人来办。`)}
                />
              )}
            </div>
          </section>
        )}
        <section className="sec" aria-labelledby="so-far">
          <header>
            <h2 id="so-far">
              <Trans>到现在为止</Trans>
            </h2>
          </header>
          <Timeline complaint={complaint} />
        </section>
        <IdentityOpenings openings={complaint.identity_openings} erasedOn={complaint.contact_erased_on} />
        <OwnFiles files={complaint.attachments} />
        <Messages opened={opened} onChange={onChange} canAdd={may("add") && !isAnsweredHere(complaint)} />
        {may("withdraw") && <Withdraw opened={opened} onChange={onChange} />}
      </Split>
    </div>
  );
}

function Also({
  onRefresh,
  isRefreshing,
  onLeave,
}: {
  onRefresh: () => void;
  isRefreshing: boolean;
  onLeave: () => void;
}) {
  return (
    <div className="box no-print">
      <h2>
        <Trans>还可以</Trans>
      </h2>
      <ul className="also">
        <li>
          <button type="button" className="link" onClick={onRefresh} disabled={isRefreshing}>
            {isRefreshing ? <Trans>正在查</Trans> : <Trans>看看有没有新进展</Trans>}
          </button>
        </li>
        <li>
          <button type="button" className="link" onClick={() => globalThis.print()}>
            <Trans>打印全部经过</Trans>
          </button>
        </li>
        <li>
          <button type="button" className="link" onClick={onLeave}>
            <Trans>看完了，从这台设备上清掉</Trans>
          </button>
        </li>
      </ul>
    </div>
  );
}

function Own({ complaint }: { complaint: Complaint }) {
  return (
    <Fold className="box own" isOpen={complaint.body.length < 400} label={<Trans>您当时写的</Trans>}>
      <p className="text small">{complaint.body}</p>
    </Fold>
  );
}
