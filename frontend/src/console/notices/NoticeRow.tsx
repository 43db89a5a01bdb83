import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { formatWhen } from "../../shared/format";
import { Icon } from "../shared/Icon";
import { Dot } from "../shared/parts";
import type { Notice } from "./useNotices";
import { noticeWords } from "./words";

export function NoticeRow({ notice }: { notice: Notice }) {
  const { t, i18n } = useLingui();
  const words = noticeWords[notice.kind];
  const { others } = notice;
  return (
    <li className={notice.is_read ? "notice read" : "notice"}>
      <span className={`tag ${words?.tone ?? ""}`}>
        <Icon name={words?.icon ?? "info"} small />
        {words ? t(words.label) : notice.kind}
      </span>
      <Link className="ell sp" to={`/complaints/${notice.complaint_id}`}>
        {notice.title}
      </Link>
      {others > 0 && words?.list && (
        <Link className="nb xs" to={words.list}>
          <Trans>还有{others}件</Trans>
        </Link>
      )}
      {!notice.is_read && <span className="tag br">{t`未读`}</span>}
      <span className="m xs nb">
        {notice.number}
        <Dot />
        {formatWhen(notice.at, i18n.locale)}
      </span>
    </li>
  );
}
