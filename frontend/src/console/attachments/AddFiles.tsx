import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState, useSyncExternalStore } from "react";
import { api, type Schemas } from "../../api/client";
import Attach from "../../shared/uploads/Attach";
import { claimsOf, Uploads, whatHinders } from "../../shared/uploads/store";
import { useUploadWords } from "../../shared/uploads/words";
import { ifMatch } from "../shared/etag";
import { FormDrawer } from "../shared/FormDrawer";
import { useKeyFor } from "../shared/useKeyFor";
import { useSave } from "../shared/useSave";
import { begin } from "./begin";
import { useAttachmentsChanged } from "./useAttachments";

/** Nothing of them outlives the drawer: what was sent and not attached is taken back. */
const NOWHERE = { load: () => [], save: () => undefined };

/** Evidence for a case: chosen here, sent at once, attached together. */
export function AddFiles({ complaint, onClose }: { complaint: Schemas["Complaint"]; onClose: () => void }) {
  const { t } = useLingui();
  const words = useUploadWords();
  const saving = useSave();
  const keyFor = useKeyFor();
  const changed = useAttachmentsChanged();
  const [uploads] = useState(() => new Uploads(NOWHERE, begin));
  const items = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  const [hindrance, setHindrance] = useState<"busy" | "bad" | "none" | null>(null);
  useEffect(() => () => uploads.forget(), [uploads]);
  const attach = () => {
    const hinders = items.length === 0 ? "none" : whatHinders(items);
    setHindrance(hinders);
    if (hinders) return;
    void saving.save(async () => {
      const body = { uploads: claimsOf(items) };
      const params = {
        path: { complaint_id: complaint.id },
        header: { ...ifMatch(complaint), ...keyFor(body) },
      };
      await api.POST("/api/v1/complaints/{complaint_id}/attachments", { params, body });
      uploads.clear();
      await changed();
      onClose();
    });
  };
  const said = { busy: words.busy, bad: words.bad, none: t`请先选择文件。` };
  // What stood in the way may be gone by now.
  const standing = hindrance === "none" ? items.length === 0 : whatHinders(items) !== null;
  return (
    <FormDrawer
      title={t`附上文件`}
      submit={<Trans>附上</Trans>}
      saving={saving}
      labels={{ uploads: t`文件` }}
      prefix="attach-"
      onSave={attach}
      onClose={onClose}
      onRefresh={() => void changed()}
    >
      <Attach uploads={uploads} heading="h3" isStaff />
      {hindrance && standing && (
        <p className="err" role="alert">
          {said[hindrance]}
        </p>
      )}
    </FormDrawer>
  );
}
