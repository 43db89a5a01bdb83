import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useNavigate } from "react-router";
import { When } from "../../../shared/When";
import { Icon } from "../../common/Icon";
import { type Draft, discardDraft, isDraftKept } from "./draft";

/** On coming back: what was begun is still there, and can be thrown away. */
export function KeptDraft({ draft }: { draft: Draft }) {
  return (
    <div className="kept col">
      <Icon name="track" />
      <div>
        <p>
          <b>
            <Trans>您上次没写完的还在</Trans>
          </b>
        </p>
        <p className="small muted">
          {draft.title.trim() || draft.body.trim().slice(0, 40)}
          {draft.savedAt && (
            <>
              <i className="dot" />
              <When value={draft.savedAt} />
            </>
          )}
        </p>
        <Discard />
      </div>
    </div>
  );
}

/** Under what is being written: that it is kept, where, and how to be rid of it. */
export function KeptLine({ draft }: { draft: Draft }) {
  if (!draft.savedAt) return null;
  if (!isDraftKept()) {
    return (
      <span>
        <Icon name="alert" />
        <Trans>这个浏览器不让保存，请不要关掉这一页</Trans>
      </span>
    );
  }
  return (
    <span className="ok">
      <Icon name="check" />
      <Trans>已存在这台设备上，关掉也不会丢</Trans>
    </span>
  );
}

export function Discard() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [isSure, setSure] = useState(false);
  if (!isSure) {
    return (
      <button type="button" className="link" onClick={() => setSure(true)}>
        <Trans>删掉草稿</Trans>
      </button>
    );
  }
  return (
    <fieldset className="sure">
      <legend className="small">{t`写好的内容会从这台设备上删掉，找不回来。`}</legend>
      <button
        type="button"
        className="btn danger"
        onClick={() => {
          discardDraft();
          void navigate("/complain", { replace: true });
        }}
      >
        <Trans>删掉</Trans>
      </button>
      <button type="button" className="btn" onClick={() => setSure(false)}>
        <Trans>不删</Trans>
      </button>
    </fieldset>
  );
}
