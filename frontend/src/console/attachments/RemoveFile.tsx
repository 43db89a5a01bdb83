import { Trans, useLingui } from "@lingui/react/macro";
import { api, type Schemas } from "../../api/client";
import { ifMatch } from "../shared/etag";
import { ReasonDialog } from "../shared/ReasonDialog";
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
  const changed = useAttachmentsChanged();
  const save = async (reason: string) => {
    const path = { complaint_id: complaint.id, attachment_id: file.id };
    await api.POST("/api/v1/complaints/{complaint_id}/attachments/{attachment_id}/remove", {
      params: { path, header: ifMatch(complaint) },
      body: { reason },
    });
    await changed();
  };
  return (
    <ReasonDialog
      id="remove-reason"
      title={t`移除这个文件`}
      okText={t`移除`}
      isDanger
      save={save}
      onClose={onClose}
      onRefresh={() => void changed()}
    >
      <p style={{ overflowWrap: "anywhere" }}>
        <b>{file.name}</b>
        <br />
        <Trans>移除后不能恢复；谁在何时为什么移除，留在日志里。</Trans>
      </p>
    </ReasonDialog>
  );
}
