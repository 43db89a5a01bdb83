import { Trans } from "@lingui/react/macro";
import { Link } from "react-router";
import { NoticeRow } from "../notices/NoticeRow";
import { useNotices, useUnread } from "../notices/useNotices";
import { Icon } from "../shared/Icon";

const SHOWN = 5;

/** The latest that this member was not yet told of; nothing where nothing waits, and the bell still counts if it fails. */
export function Reminders() {
  const unread = useUnread();
  const { data } = useNotices(true, SHOWN, true);
  const notices = data?.pages[0]?.items ?? [];
  if (notices.length === 0) return null;
  const count = Math.max(unread, notices.length);
  return (
    <section aria-labelledby="reminders" className="work">
      <div className="sec">
        <span className="m">
          <Icon name="bell" />
        </span>
        <h2 id="reminders">
          <Trans>提醒</Trans>
        </h2>
      </div>
      <ul className="notices">
        {notices.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} />
        ))}
      </ul>
      {count > notices.length && (
        <p style={{ paddingTop: 8 }}>
          <Link to="/notices">
            <Trans>看全部{count}条提醒</Trans>
          </Link>
        </p>
      )}
    </section>
  );
}
