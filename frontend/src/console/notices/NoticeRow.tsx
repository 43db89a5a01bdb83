import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { formatWhen } from "../../shared/format";
import { Icon } from "../shared/Icon";
import { Dot } from "../shared/parts";
import type { Notice } from "./useNotices";
import { noticeWords } from "./words";

export function NoticeRow({ notice }: { notice: Notice }) {
  const { t, i18n } = useLingui();
  const words = noticeWords[notice.kind];
  return (
    <li className={notice.is_read ? "notice read" : "notice"}>
      <span className={`tag ${words?.tone ?? ""}`}>
        <Icon name={words?.icon ?? "info"} small />
        {words ? t(words.label) : notice.kind}
      </span>
      <Link className="ell sp" to={`/complaints/${notice.complaint_id}`}>
        {notice.title}
      </Link>
      {!notice.is_read && <span className="tag br">{t`未读`}</span>}
      <span className="m xs nb">
        {notice.number}
        <Dot />
        {formatWhen(notice.at, i18n.locale)}
      </span>
    </li>
  );
}
