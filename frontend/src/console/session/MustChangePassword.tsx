import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "../shared/parts";
import { session } from "../shared/session";
import { Frame } from "./Frame";
import { PasswordForm } from "./PasswordForm";

/** What whoever's password has come to its end sees, wherever they wanted to go; afterwards they are there. */
export default function MustChangePassword({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  useDocumentTitle(t`换一个密码`);
  return (
    <Frame>
      <main className="box">
        <h1>
          <Trans>换一个密码</Trans>
        </h1>
        <p className="m" style={{ marginBottom: 20 }}>
          <Trans>您的密码到期了，或不再够长。换好以后接着做您要做的。</Trans>
        </p>
        <PasswordForm login="" hasSecondFactor={false} onDone={onDone} />
        <p style={{ marginTop: 20 }}>
          <button type="button" className="btn t sm" onClick={() => void session.signOut()}>
            <Trans>先不换，退出登录</Trans>
          </button>
        </p>
      </main>
    </Frame>
  );
}
