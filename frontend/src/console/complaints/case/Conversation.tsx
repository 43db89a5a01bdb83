import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { storage } from "../../../shared/storage";
import { When } from "../../../shared/When";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { BusyButton, Dot } from "../../shared/parts";
import type { CaseActions } from "./useCase";
import type { Case } from "./verbs";

/** The two-way conversation by receipt code, and the box to add to it. */
export function Conversation({ complaint, actions }: { complaint: Case; actions: CaseActions }) {
  const mayWrite = complaint.allowed_actions.includes("message");
  const count = complaint.messages.length;
  if (count === 0 && !mayWrite) return null;
  return (
    <section className="conv" id="conversation" aria-labelledby="conversation-head">
      <h2 id="conversation-head">
        <Trans>对话</Trans>{" "}
        <span className="m xs">
          {count > 0 ? <Trans>{count}条，投诉人凭查询码看得到</Trans> : <Trans>投诉人凭查询码看得到</Trans>}
        </span>
      </h2>
      {complaint.messages.map((message) => (
        <Bubble key={message.id} message={message} />
      ))}
      {mayWrite && <Composer complaint={complaint} actions={actions} />}
    </section>
  );
}

function Bubble({ message }: { message: Schemas["StaffComplaintMessage"] }) {
  const { t, i18n } = useLingui();
  const isStaff = message.from === "staff";
  const name = isStaff ? (message.by ? nameIn(i18n.locale, message.by) : t`本单位`) : t`投诉人`;
  return (
    <div className={isStaff ? "bub out" : "bub"}>
      <div className="xs m">
        {name}
        <Dot />
        <When value={message.on} />
      </div>
      <p className="pre">{message.body}</p>
    </div>
  );
}

const LIMIT = 2000;

function Composer({ complaint, actions }: { complaint: Case; actions: CaseActions }) {
  const { t } = useLingui();
  const key = `liangnuo.message.${complaint.id}`;
  const [text, setText] = useState(() => storage.get(key) ?? "");
  const change = (next: string) => {
    setText(next);
    storage.set(key, next);
  };
  const send = async () => {
    if (!(await actions.run("message", { body: text.trim() }))) return;
    setText("");
    storage.remove(key);
  };
  const refused = actions.refusal?.verb === "message" ? actions.refusal.error : null;
  return (
    <div className="say">
      <textarea
        id="message"
        className="inp"
        rows={text ? 3 : 1}
        value={text}
        maxLength={LIMIT}
        aria-label={t`给投诉人的话`}
        placeholder={t`问一句，或者告诉对方办到哪里了`}
        onChange={(event) => change(event.target.value)}
      />
      {text.trim() && (
        <div className="row wrap" style={{ marginTop: 8 }}>
          <span className="m xs sp">
            <Trans>投诉人看得到，也会记入经过；发出后不能收回</Trans>
          </span>
          <BusyButton
            className="btn sm"
            isBusy={actions.running === "message"}
            disabled={actions.isBusy}
            onClick={() => void send()}
          >
            <Trans>发给投诉人</Trans>
          </BusyButton>
        </div>
      )}
      {Boolean(refused) && <ErrorNotice error={refused} />}
    </div>
  );
}
