import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { Link } from "react-router";
import { formatWhen } from "../../shared/format";
import { Icon } from "../shared/Icon";
import { useAlarm } from "./useNotices";

/** Somebody may be in danger: on every page, and in the title of the window, until the case is opened. */
export function AlarmBanner() {
  const { t, i18n } = useLingui();
  const alarm = useAlarm();
  const mark = alarm ? t`【紧急】` : "";
  useEffect(() => {
    if (!mark) return;
    // A page that is opened meanwhile writes its own name there.
    const write = () => {
      if (!document.title.startsWith(mark)) document.title = mark + document.title;
    };
    write();
    const timer = setInterval(write, 1000);
    return () => {
      clearInterval(timer);
      if (document.title.startsWith(mark)) document.title = document.title.slice(mark.length);
    };
  }, [mark]);
  if (!alarm) return null;
  return (
    <div className="banner alarm noprint" role="alert">
      <Icon name="warn" />
      <p>
        <b>
          <Trans>紧急：有人可能有危险</Trans>
        </b>{" "}
        <span>
          {alarm.title}（{alarm.number}，{formatWhen(alarm.at, i18n.locale)}）
        </span>
      </p>
      <Link className="btn sm" to={`/complaints/${alarm.complaint_id}`}>
        <Trans>马上打开</Trans>
      </Link>
    </div>
  );
}
