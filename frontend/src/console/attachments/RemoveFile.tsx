import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ifMatch } from "../shared/etag";
import { AreaField } from "../shared/Field";
import { useSave } from "../shared/useSave";
import { useAttachmentsChanged } from "./useAttachments";
import type { Attachment } from "./words";

interface RemoveFileProps {
  complaint: Schemas["Complaint"];
  file: Attachment;
  onClose: () => void;
}

/** A file that was attached by mistake: gone for good, with a reason in the log. */
export function RemoveFile({ complaint, file, onClose }: RemoveFileProps) {
  const { t } = useLingui();
  const saving = useSave();
  const changed = useAttachmentsChanged();
  const [reason, setReason] = useState("");
  const go = () =>
    saving.save(async () => {
      const path = { complaint_id: complaint.id, attachment_id: file.id };
      await api.POST("/api/v1/complaints/{complaint_id}/attachments/{attachment_id}/remove", {
        params: { path, header: ifMatch(complaint) },
        body: { reason: reason.trim() },
      });
      await changed();
      onClose();
    });
  return (
    <Modal
      open
      title={t`移除这个文件`}
      okText={t`移除`}
      okButtonProps={{ danger: true, disabled: reason.trim().length < 2 }}
      confirmLoading={saving.isBusy}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div style={{ display: "grid", gap: 12, paddingTop: 8 }}>
        {Boolean(saving.error) && (
          <ErrorNotice
            error={saving.error}
            retry={() => {
              saving.forget();
              void changed();
            }}
          />
        )}
        <p style={{ overflowWrap: "anywhere" }}>
          <b>{file.name}</b>
          <br />
          <Trans>移除后不能恢复；谁在何时为什么移除，留在日志里。</Trans>
        </p>
        <AreaField
          id="remove-reason"
          label={t`理由`}
          error={fieldErrors(saving.error).reason}
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Modal>
  );
}
