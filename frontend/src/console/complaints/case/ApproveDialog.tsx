import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useState } from "react";
import { ErrorNotice } from "../../shared/ErrorNotice";
import type { CaseActions } from "./useCase";
import type { Case } from "./verbs";

/** What has been sent can't be called back, so approving asks once, and whether to send now. */
export function ApproveDialog({ complaint, actions, onClose }: ApproveDialogProps) {
  const { t } = useLingui();
  const [send, setSend] = useState(true);
  const refused = actions.refusal?.verb === "approve" ? actions.refusal.error : null;
  const go = async () => {
    if (await actions.run("approve", { send })) onClose();
  };
  return (
    <Modal
      open
      title={t`批准答复：${complaint.number}`}
      okText={send ? t`批准并发出` : t`只批准`}
      confirmLoading={actions.running === "approve"}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      {Boolean(refused) && <ErrorNotice error={refused} />}
      <fieldset className="pick" style={{ marginTop: 8 }}>
        <legend className="vh">{t`什么时候发出`}</legend>
        <label>
          <input type="radio" name="send" checked={send} onChange={() => setSend(true)} />
          <span>
            <Trans>批准并马上发给投诉人</Trans>
            <br />
            <span className="m xs">
              <Trans>投诉人马上看得到，发出后不能收回</Trans>
            </span>
          </span>
        </label>
        <label>
          <input type="radio" name="send" checked={!send} onChange={() => setSend(false)} />
          <span>
            <Trans>只批准，由承办人发出</Trans>
            <br />
            <span className="m xs">
              <Trans>时限照走，到期前要发出</Trans>
            </span>
          </span>
        </label>
      </fieldset>
    </Modal>
  );
}

interface ApproveDialogProps {
  complaint: Case;
  actions: CaseActions;
  onClose: () => void;
}
