import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useMe } from "../shared/me";
import { Note, Title } from "../shared/parts";
import { PasswordForm } from "./PasswordForm";

export default function PasswordPage() {
  const { t } = useLingui();
  const me = useMe();
  const [times, setTimes] = useState(0);
  const [isDone, setDone] = useState(false);
  const done = () => {
    setDone(true);
    setTimes(times + 1);
  };
  return (
    <div style={{ maxWidth: 480 }}>
      <Title name={t`修改密码`} />
      {isDone && (
        <div style={{ marginBottom: 16 }}>
          <Note tone="go" live="status">
            <Trans>密码已经换了。您在别的设备上的登录都已退出，这里不用重新登录。</Trans>
          </Note>
        </div>
      )}
      <PasswordForm
        key={times}
        login={me?.login ?? ""}
        hasSecondFactor={me?.has_second_factor ?? false}
        onBegin={() => setDone(false)}
        onDone={done}
      />
    </div>
  );
}
