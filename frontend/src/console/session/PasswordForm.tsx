import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { FormErrors } from "../shared/ErrorNotice";
import { BusyButton } from "../shared/parts";
import { useOnce } from "../shared/useOnce";
import { NewPasswordField } from "./NewPasswordField";
import { PasswordField } from "./PasswordField";

interface PasswordFormProps {
  login: string;
  hasSecondFactor: boolean;
  onDone: () => void;
  onBegin?: () => void;
}

/** The password in use, and the one that takes its place. */
export function PasswordForm({ login, hasSecondFactor, onDone, onBegin }: PasswordFormProps) {
  const { t } = useLingui();
  const form = useChange(onDone, onBegin);
  const labels = { current_password: t`现在的密码`, new_password: t`新密码` };
  const wrong = fieldErrors(form.error);
  return (
    <form onSubmit={form.submit} noValidate>
      <FormErrors error={form.error} labels={labels} prefix="" />
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      <PasswordField
        id="current_password"
        name="current_password"
        label={labels.current_password}
        autoComplete="current-password"
        error={wrong.current_password}
      />
      <NewPasswordField
        id="new_password"
        name="new_password"
        label={labels.new_password}
        error={wrong.new_password}
        hasSecondFactor={hasSecondFactor}
      />
      <p className="m xs" style={{ marginBottom: 16 }}>
        <Trans>换了以后，您在别的设备上的登录都会退出。</Trans>
      </p>
      <BusyButton type="submit" className="btn p" isBusy={form.isBusy}>
        <Trans>换密码</Trans>
      </BusyButton>
    </form>
  );
}

function useChange(onDone: () => void, onBegin?: () => void) {
  const queryClient = useQueryClient();
  const { isBusy, once } = useOnce();
  const [error, setError] = useState<unknown>(null);

  async function change(current_password: string, new_password: string) {
    try {
      await api.POST("/api/v1/me/password", { body: { current_password, new_password } });
      onDone();
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me"] });
    } catch (refusal) {
      setError(refusal);
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setError(null);
    onBegin?.();
    void once(() => change(String(form.get("current_password")), String(form.get("new_password"))));
  }

  return { submit, isBusy, error };
}
