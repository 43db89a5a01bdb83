import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { When } from "../../../shared/When";

/** The reply in its four parts; older replies, taken over from other systems, have one text only. */
export function Answer({ reply }: { reply: Schemas["ComplaintReply"] }) {
  const { i18n } = useLingui();
  const hasParts = Boolean(reply.facts || reply.decision);
  return (
    <>
      <div className="hd">
        <span>{nameIn(i18n.locale, reply.unit)}</span>
        <When value={reply.replied_on} />
      </div>
      <div className="tx">
        {hasParts ? (
          <>
            <Part title={<Trans>您提的事</Trans>} text={reply.request} />
            <Part title={<Trans>查到的情况</Trans>} text={reply.facts} />
            <Part title={<Trans>怎么办</Trans>} text={reply.decision} />
            <Part title={<Trans>依据</Trans>} text={reply.basis} />
          </>
        ) : (
          <p className="text">{reply.body}</p>
        )}
      </div>
    </>
  );
}

function Part({ title, text }: { title: ReactNode; text: string | null }) {
  if (!text) return null;
  return (
    <>
      <h3>{title}</h3>
      <p className="text">{text}</p>
    </>
  );
}
