import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { ErrorNotice } from "../shared/ErrorNotice";
import { BusyButton, Empty, Skeleton, Title } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { NoticeRow } from "./NoticeRow";
import { useMarkRead, useNotices } from "./useNotices";

const PAGE = 50;

export default function NoticesPage() {
  const { t } = useLingui();
  const [isUnreadOnly, setUnreadOnly] = useState(false);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useNotices(
    isUnreadOnly,
    PAGE,
  );
  const markRead = useMarkRead();
  const saving = useSave();
  const notices = data?.pages.flatMap(({ items }) => items) ?? [];
  const hasUnread = notices.some(({ is_read }) => !is_read);
  return (
    <>
      <Title name={t`提醒`}>
        <BusyButton
          className="btn"
          isBusy={saving.isBusy}
          disabled={!hasUnread}
          onClick={() => void saving.save(() => markRead(notices))}
        >
          <Trans>全部标为已读</Trans>
        </BusyButton>
      </Title>
      <div className="filters">
        <label className="check">
          <input
            type="checkbox"
            checked={isUnreadOnly}
            onChange={(event) => setUnreadOnly(event.target.checked)}
          />
          <Trans>只看未读</Trans>
        </label>
      </div>
      {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
      {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={8} label={t`正在取提醒`} />}
      {data && notices.length === 0 && (
        <Empty title={isUnreadOnly ? t`没有未读的提醒` : t`还没有提醒`}>
          <Trans>有人交办给您、投诉人回话、快到期或超期时，会在这里提醒您。</Trans>
        </Empty>
      )}
      <ul className="notices">
        {notices.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} />
        ))}
      </ul>
      {hasNextPage && (
        <BusyButton className="btn" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          <Trans>更早的</Trans>
        </BusyButton>
      )}
    </>
  );
}
