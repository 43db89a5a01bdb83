import { Trans, useLingui } from "@lingui/react/macro";
import { nameIn } from "../../../shared/i18n";
import { Icon } from "../../shared/Icon";
import { listOf } from "../../shared/listOf";
import { Avatar } from "../../shared/parts";
import type { Case } from "./verbs";

/** Who holds the case: the unit and the person there. */
export function Holder({ complaint }: { complaint: Case }) {
  const { i18n } = useLingui();
  const { handler, draft, accused } = complaint;
  const approver = draft?.approved_by;
  return (
    <section className="panel">
      <div className="hold">
        {handler ? (
          <>
            <Avatar name={nameIn(i18n.locale, handler)} />
            <span className="nb">{nameIn(i18n.locale, handler)}</span>
          </>
        ) : (
          <span className="m">
            <Trans>还没指定承办人</Trans>
          </span>
        )}
        <span className="sp" />
        <span className="m xs ell">{nameIn(i18n.locale, complaint.unit)}</span>
      </div>
      {approver && (
        <div className="hold second">
          <span className="m xs">
            <Trans>批准人</Trans>
          </span>
          <Avatar name={nameIn(i18n.locale, approver)} quiet small />
          <span>{nameIn(i18n.locale, approver)}</span>
        </div>
      )}
      {accused.length > 0 && (
        <div className="hold second">
          <Icon name="lock" small />
          <span className="m xs">
            <Trans>被举报</Trans>
          </span>
          <span>
            {listOf(
              i18n.locale,
              accused
                .flatMap(({ member, unit }) => [member, unit])
                .flatMap((one) => (one ? [nameIn(i18n.locale, one)] : [])),
            )}
          </span>
        </div>
      )}
    </section>
  );
}
