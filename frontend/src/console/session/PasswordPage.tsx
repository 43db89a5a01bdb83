import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { FormErrors } from "../shared/ErrorNotice";
import { useMe } from "../shared/me";
import { BusyButton, Note, Title } from "../shared/parts";
import { useOnce } from "../shared/useOnce";
import { PasswordField } from "./PasswordField";

export default function PasswordPage() {
  const { t } = useLingui();
  const me = useMe();
  const form = useChange();
  const labels = { current_password: t`现在的密码`, new_password: t`新密码` };
  const wrong = fieldErrors(form.error);
  return (
    <div style={{ maxWidth: 480 }}>
      <Title name={t`修改密码`} />
      {me?.must_change_password && !form.isDone && (
        <div style={{ marginBottom: 16 }}>
          <Note tone="so">
            <Trans>这是别人替您设的密码，请先换成自己的。</Trans>
          </Note>
        </div>
      )}
      {form.isDone && (
        <div style={{ marginBottom: 16 }}>
          <Note tone="go" live="status">
            <Trans>密码已经换了。您在别的设备上的登录都已退出，这里不用重新登录。</Trans>
          </Note>
        </div>
      )}
      <form key={String(form.isDone)} onSubmit={form.submit} noValidate>
        <FormErrors error={form.error} labels={labels} prefix="" />
        <input type="text" name="username" autoComplete="username" value={me?.login ?? ""} readOnly hidden />
        <PasswordField
          id="current_password"
          name="current_password"
          label={labels.current_password}
          autoComplete="current-password"
          error={wrong.current_password}
        />
        <PasswordField
          id="new_password"
          name="new_password"
          label={labels.new_password}
          autoComplete="new-password"
          error={wrong.new_password}
          hint={t`至少12个字，一句您记得住的话最好。换了以后，别的设备要重新登录。`}
        />
        <BusyButton type="submit" className="btn p" isBusy={form.isBusy}>
          <Trans>换密码</Trans>
        </BusyButton>
      </form>
    </div>
  );
}

function useChange() {
  const queryClient = useQueryClient();
  const { isBusy, once } = useOnce();
  const [error, setError] = useState<unknown>(null);
  const [isDone, setDone] = useState(false);

  async function change(current_password: string, new_password: string) {
    try {
      await api.POST("/api/v1/me/password", { body: { current_password, new_password } });
      setDone(true);
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me"] });
    } catch (refusal) {
      setError(refusal);
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setError(null);
    setDone(false);
    void once(() => change(String(form.get("current_password")), String(form.get("new_password"))));
  }

  return { submit, isBusy, error, isDone };
}
