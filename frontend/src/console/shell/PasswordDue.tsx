import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useLocation } from "react-router";
import { formatWhen } from "../../shared/format";
import { Icon } from "../shared/Icon";

/** Two weeks before a password comes to its end its owner is told on every page but the one where it is changed. */
export function PasswordDue({ dueAt }: { dueAt: string | null }) {
  const { i18n } = useLingui();
  const { pathname } = useLocation();
  if (!dueAt || pathname === "/account/password") return null;
  const when = formatWhen(dueAt, i18n.locale);
  return (
    <div className="banner noprint" role="status">
      <Icon name="key" />
      <p>
        <Trans>您的密码{when}到期，请在那以前换一个。</Trans>
      </p>
      <Link className="btn sm" to="/account/password">
        <Trans>去换密码</Trans>
      </Link>
    </div>
  );
}
