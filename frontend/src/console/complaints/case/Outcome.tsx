import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { satisfactionLabels } from "../../../shared/labels";
import { When } from "../../../shared/When";
import { Dot, Note } from "../../shared/parts";
import { PARTS, partWords } from "./draft";
import type { Case } from "./verbs";

/** What has gone out already, what the complainant thought of it, and why a case ended otherwise. */
export function Outcome({ complaint }: { complaint: Case }) {
  return (
    <>
      {complaint.not_accepted_reason && (
        <Ended title={<Trans>没有受理</Trans>}>
          {complaint.not_accepted_reason}
          {complaint.where_to_go && (
            <>
              {"\n"}
              <Trans>该去：</Trans>
              {complaint.where_to_go}
            </>
          )}
        </Ended>
      )}
      {complaint.referred_reason && (
        <Ended title={<Trans>已转送其他机关</Trans>}>
          {complaint.referred_reason}
          {complaint.where_to_go && (
            <>
              {"\n"}
              <Trans>主管机关：</Trans>
              {complaint.where_to_go}
            </>
          )}
        </Ended>
      )}
      {complaint.withdrawn_reason && (
        <Ended title={<Trans>已经撤回</Trans>}>{complaint.withdrawn_reason}</Ended>
      )}
      {complaint.concluded_reason && (
        <Ended title={<Trans>办结说明</Trans>}>{complaint.concluded_reason}</Ended>
      )}
      {complaint.replies.map((reply) => (
        <SentReply key={reply.id} reply={reply} />
      ))}
      {complaint.rating && <Rating rating={complaint.rating} />}
    </>
  );
}

function Ended({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <div className="out-come">
      <Note>
        <b>{title}</b>
        <p className="pre">{children}</p>
      </Note>
    </div>
  );
}

function SentReply({ reply }: { reply: Schemas["StaffComplaintReply"] }) {
  const { t, i18n } = useLingui();
  const parts = PARTS.filter((part) => reply[part]);
  const approver = reply.approved_by ? nameIn(i18n.locale, reply.approved_by) : null;
  return (
    <section className="panel out-come">
      <div className="ph">
        <h2>
          <Trans>已发出的答复</Trans>
        </h2>
        <span className="m xs">
          {nameIn(i18n.locale, reply.unit)}
          <Dot />
          <When value={reply.replied_on} />
          {approver && (
            <>
              <Dot />
              <Trans>{approver}批准</Trans>
            </>
          )}
        </span>
      </div>
      <div className="pb">
        {parts.length === 0 && <p className="pre">{reply.body}</p>}
        {parts.map((part) => (
          <div key={part} style={{ marginBottom: 8 }}>
            <h3 className="lab2">{t(partWords[part])}</h3>
            <p className="pre">{reply[part]}</p>
          </div>
        ))}
      </div>
    </section>
  );
}

function Rating({ rating }: { rating: Schemas["ComplaintRating"] }) {
  const { t } = useLingui();
  const label = satisfactionLabels[rating.level];
  const isGood = rating.level >= 3;
  return (
    <div className="out-come">
      <Note tone={isGood ? "go" : "la"} icon={isGood ? "ok" : "face"}>
        <b>
          <Trans>投诉人的评价：</Trans>
          {label ? t(label) : rating.level}
        </b>{" "}
        <span className="m xs">
          <When value={rating.rated_on} />
        </span>
        {rating.comment && <p className="pre">{rating.comment}</p>}
      </Note>
    </div>
  );
}
