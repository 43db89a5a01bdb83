import { Trans, useLingui } from "@lingui/react/macro";
import { formatWhen } from "../../../shared/format";
import { nameIn } from "../../../shared/i18n";
import { Icon } from "../../shared/Icon";
import { channelWords, wordFor } from "../../shared/labels";
import { Avatar, Dot } from "../../shared/parts";
import type { Case } from "./verbs";

/** What the complainant wrote, and what is known of where it came from. */
export function Words({ complaint }: { complaint: Case }) {
  const { t, i18n } = useLingui();
  const { about_unit: about } = complaint;
  const when = complaint.received_at ?? complaint.received_on;
  const name = complaint.is_anonymous ? t`投诉人（匿名）` : t`投诉人（留了联系方式）`;
  return (
    <section className="words" aria-label={t`投诉人的话`}>
      <div className="row wrap xs m">
        <Avatar name={t`民`} quiet small />
        <b className="who">{name}</b>
        <span>{formatWhen(when, i18n.locale)}</span>
        <span>{t(wordFor(channelWords, complaint.channel))}</span>
        {complaint.is_minor && (
          <span className="tag so" title={t`联系前先想到监护人；每次打开这一件都记入日志`}>
            <Trans>投诉人未满14周岁</Trans>
          </span>
        )}
        <span className="sp" />
        <span className="row" style={{ gap: 4 }}>
          <Icon name="lock" small />
          {complaint.has_contact ? (
            <Trans>身份保密，两名监督人员才能查看</Trans>
          ) : (
            <Trans>身份未留，只能在这里对话</Trans>
          )}
        </span>
      </div>
      <blockquote className="pre">{complaint.body}</blockquote>
      <div className="row wrap xs m">
        {about && (
          <span>
            <Trans>说的是</Trans> <b className="who">{nameIn(i18n.locale, about)}</b>
          </span>
        )}
        {complaint.source && (
          <span>
            <Trans>来源</Trans> {complaint.source}
            {complaint.external_ref && (
              <>
                <Dot />
                {complaint.external_ref}
              </>
            )}
          </span>
        )}
      </div>
    </section>
  );
}
