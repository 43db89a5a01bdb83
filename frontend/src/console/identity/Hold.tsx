import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ifMatch } from "../shared/etag";
import { ReasonDialog } from "../shared/ReasonDialog";
import { useOpeningsChanged } from "./useOpenings";

type Case = Schemas["Complaint"];

/** Whether contact data are kept although their time may be over, by whom and why, and how to change that. */
export function Hold({ complaint }: { complaint: Case }) {
  const { t, i18n } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const hold = complaint.identity_hold;
  const who = hold?.by ? nameIn(i18n.locale, hold.by) : t`工作人员`;
  const since = hold ? formatWhen(hold.since, i18n.locale) : "";
  return (
    <>
      {hold && (
        <>
          <p className="m xs">
            <Trans>
              {who}要求保留，{since}起；到期也不清除
            </Trans>
          </p>
          <p className="pre">{hold.reason}</p>
        </>
      )}
      <p className="noprint">
        <button type="button" className="btn sm" onClick={() => setOpen(true)}>
          {hold ? <Trans>不再保留</Trans> : <Trans>因争议保留</Trans>}
        </button>
      </p>
      {isOpen && <HoldDialog complaint={complaint} onClose={() => setOpen(false)} />}
    </>
  );
}

function HoldDialog({ complaint, onClose }: { complaint: Case; onClose: () => void }) {
  const { t } = useLingui();
  const changed = useOpeningsChanged();
  const isHeld = complaint.identity_hold !== null;
  const save = async (reason: string) => {
    const params = { path: { complaint_id: complaint.id }, header: ifMatch(complaint) };
    const body = { reason };
    if (isHeld) {
      await api.POST("/api/v1/complaints/{complaint_id}/identity-hold/lift", { params, body });
    } else {
      await api.POST("/api/v1/complaints/{complaint_id}/identity-hold", { params, body });
    }
    await changed();
  };
  return (
    <ReasonDialog
      id="hold-reason"
      title={isHeld ? t`不再保留联系方式` : t`因争议保留联系方式`}
      okText={isHeld ? t`不再保留` : t`保留`}
      save={save}
      onClose={onClose}
    />
  );
}
