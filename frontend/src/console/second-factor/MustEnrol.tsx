import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Frame } from "../session/Frame";
import { useDocumentTitle } from "../shared/parts";
import { session } from "../shared/session";
import { Enrolment } from "./Enrolment";

/** What whoever must have a second factor and has none sees, wherever they wanted to go; afterwards they are there. */
export default function MustEnrol({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const [isEnrolled, setEnrolled] = useState(false);
  useDocumentTitle(t`设置两步验证`);
  return (
    <Frame>
      <main className="box wide">
        <h1>
          <Trans>设置两步验证</Trans>
        </h1>
        <p className="m" style={{ marginBottom: 20 }}>
          <Trans>
            您的角色能看到或决定的，一个密码护不住。设好以后，登录时除了密码还要一个手机上的验证码。
          </Trans>
        </p>
        <Enrolment onDone={onDone} onEnrolled={() => setEnrolled(true)} />
        {!isEnrolled && (
          <p style={{ marginTop: 20 }}>
            <button type="button" className="btn t sm" onClick={() => void session.signOut()}>
              <Trans>先不设，退出登录</Trans>
            </button>
          </p>
        )}
      </main>
    </Frame>
  );
}
