import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { formatWhen } from "../../../shared/format";
import { AskDialog } from "../../identity/AskDialog";
import { Hold } from "../../identity/Hold";
import { OpeningItem } from "../../identity/OpeningItem";
import { useOpenings } from "../../identity/useOpenings";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { Icon } from "../../shared/Icon";
import { useMay } from "../../shared/me";
import { Skeleton } from "../../shared/parts";
import type { Case } from "./verbs";

/** Who filed the case, for inspectors: nothing was left, or it is opened by two people. */
export function Identity({ complaint }: { complaint: Case }) {
  if (!useMay()("identity.open")) return null;
  return (
    <section className="panel" aria-labelledby="identity">
      <div className="ph">
        <Icon name="lock" />
        <h2 id="identity">
          <Trans>投诉人身份</Trans>
        </h2>
      </div>
      <div className="pb" style={{ display: "grid", gap: 12 }}>
        {!complaint.has_contact && <Nothing erasedOn={complaint.contact_erased_on} />}
        {complaint.has_originals && (
          <p className="m xs">
            <Trans>留有照片原件，经两名督查人员同意可以打开。</Trans>
          </p>
        )}
        {(complaint.has_contact || complaint.has_originals) && (
          <>
            <Openings complaint={complaint} />
            <Hold complaint={complaint} />
          </>
        )}
      </div>
    </section>
  );
}

function Nothing({ erasedOn }: { erasedOn: string | null }) {
  const { i18n } = useLingui();
  const day = erasedOn ? formatWhen(erasedOn, i18n.locale) : "";
  return (
    <p className="m xs">
      {day ? (
        <Trans>办件结束已久，联系方式已于{day}清除。</Trans>
      ) : (
        <Trans>投诉人没有留联系方式，只能通过这一件对话。</Trans>
      )}
    </p>
  );
}

function Openings({ complaint }: { complaint: Case }) {
  const { t } = useLingui();
  const [isAsking, setAsking] = useState(false);
  const { openings, error, refetch } = useOpenings({ complaint_id: complaint.id });
  if (error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!openings) return <Skeleton lines={2} label={t`正在取申请`} />;
  const mine = openings.filter((opening) => opening.is_own);
  const isUnderway = mine.some(
    ({ state, allowed_actions: may }) => state === "waiting" || may.includes("read"),
  );
  return (
    <>
      {openings.length === 0 && complaint.has_contact && (
        <p className="m xs">
          <Trans>留了联系方式，还没有人申请查看。</Trans>
        </p>
      )}
      {openings.length > 0 && (
        <ul className="cardrows">
          {openings.map((opening) => (
            <OpeningItem
              key={opening.id}
              opening={opening}
              isInCase
              hasContact={complaint.has_contact}
              hasOriginals={complaint.has_originals}
            />
          ))}
        </ul>
      )}
      {!isUnderway && (
        <p className="noprint">
          <button type="button" className="btn sm" onClick={() => setAsking(true)}>
            <Trans>申请查看</Trans>
          </button>
        </p>
      )}
      {isAsking && <AskDialog complaintId={complaint.id} onClose={() => setAsking(false)} />}
    </>
  );
}
