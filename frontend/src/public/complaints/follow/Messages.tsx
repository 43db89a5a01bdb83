import { Trans } from "@lingui/react/macro";
import { When } from "../../../shared/When";
import { Add } from "./Add";
import type { CaseProps } from "./CaseView";

export function Messages({ opened, onChange, canAdd }: CaseProps & { canAdd: boolean }) {
  const { messages } = opened.complaint;
  if (messages.length === 0 && !canAdd) return null;
  return (
    <section className="sec" aria-labelledby="talk">
      <header>
        <h2 id="talk">
          <Trans>和经办人说话</Trans>
        </h2>
        <p className="small">
          <Trans>经办人看不到您是谁</Trans>
        </p>
      </header>
      {messages.length > 0 && (
        <ul className="msg">
          {messages.map((message) => (
            <li key={message.id} className={message.from === "complainant" ? "me" : ""}>
              <p className="by">
                {message.from === "complainant" ? <Trans>您</Trans> : <Trans>经办人</Trans>}{" "}
                <When value={message.on} />
              </p>
              <p className="bub text">{message.body}</p>
            </li>
          ))}
        </ul>
      )}
      {canAdd && <Add opened={opened} onChange={onChange} label={<Trans>补充说明</Trans>} />}
    </section>
  );
}
