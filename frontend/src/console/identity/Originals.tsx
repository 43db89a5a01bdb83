import { Trans, useLingui } from "@lingui/react/macro";
import { useAttachments } from "../attachments/useAttachments";
import { download } from "../shared/bearer";
import { ErrorNotice } from "../shared/ErrorNotice";
import { BusyButton } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { useOpeningsChanged } from "./useOpenings";
import type { Opening } from "./words";

/** Pictures as they came, with what the camera wrote into them: to be saved, each time into the log. */
export function Originals({ opening }: { opening: Opening }) {
  const { t } = useLingui();
  const changed = useOpeningsChanged();
  const saving = useSave();
  const { data } = useAttachments(opening.complaint_id);
  const kept = data?.items.filter(({ has_original, state }) => has_original && state === "ready") ?? [];
  if (kept.length === 0) return null;
  const take = (id: string, name: string) =>
    saving.save(async () => {
      await download(`/api/v1/identity-openings/${opening.id}/originals/${id}`, name);
      await changed();
    });
  return (
    <div className="noprint" style={{ display: "grid", gap: 8 }}>
      <p className="m xs">
        <Trans>照片原件里可能有拍摄地点、时间和设备。每次下载都记入日志。</Trans>
      </p>
      {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
      {kept.map(({ id, name }) => (
        <p key={id}>
          <BusyButton className="btn sm" isBusy={saving.isBusy} onClick={() => void take(id, name)}>
            {t`下载原件 ${name}`}
          </BusyButton>
        </p>
      ))}
    </div>
  );
}
