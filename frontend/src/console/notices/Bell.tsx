import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { Icon } from "../shared/Icon";
import { useUnread } from "./useNotices";

/** The way to the notices, with how many wait. */
export function Bell() {
  const { t } = useLingui();
  const unread = useUnread();
  const label = unread > 0 ? t`提醒，${unread}条未读` : t`提醒`;
  return (
    <Link className="ib bell" to="/notices" aria-label={label} title={label}>
      <Icon name="bell" />
      {unread > 0 && (
        <span className="count" aria-hidden="true">
          {unread > 99 ? "99+" : unread}
        </span>
      )}
    </Link>
  );
}
