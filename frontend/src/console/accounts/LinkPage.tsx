import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { $api, api, type Schemas } from "../../api/client";
import { failureOf, fieldErrors } from "../../api/problem";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { Frame } from "../session/Frame";
import { newTokenTaker } from "../session/hashToken";
import { NewPasswordField } from "../session/NewPasswordField";
import { ErrorNotice, FormErrors } from "../shared/ErrorNotice";
import { TextField } from "../shared/Field";
import { BusyButton, Note, Skeleton, useDocumentTitle } from "../shared/parts";
import { useSave } from "../shared/useSave";

type Target = Schemas["AccountLinkTarget"];

const takeToken = newTokenTaker();

/** Where whoever holds a link sets a password: for the first time, with a login, or anew. */
export default function LinkPage() {
  const { t } = useLingui();
  const [token] = useState(takeToken);
  const [login, setLogin] = useState<string | null>(null);
  const target = $api.useQuery(
    "post",
    "/api/v1/auth/account-links/look-up",
    { body: { token } },
    { enabled: Boolean(token) && login === null, retry: false, staleTime: Number.POSITIVE_INFINITY },
  );
  const titles = { invitation: t`开通账号`, reset: t`重设密码` };
  const title = target.data ? titles[target.data.kind] : t`账号链接`;
  useDocumentTitle(title);
  // What is used or has run out stays so; a broken line does not.
  const isClosed = target.error !== null && failureOf(target.error).code === "link_closed";
  return (
    <Frame>
      <main className="box wide account-link">
        <h1>{title}</h1>
        {!token && <NoToken />}
        {login !== null && <Done login={login} />}
        {login === null && Boolean(target.error) && (
          <ErrorNotice error={target.error} retry={isClosed ? undefined : () => void target.refetch()} />
        )}
        {token && !target.data && !target.error && <Skeleton lines={4} label={t`正在查看链接`} />}
        {login === null && target.data && <LinkForm token={token} target={target.data} onDone={setLogin} />}
      </main>
    </Frame>
  );
}

function NoToken() {
  return (
    <Note tone="so" live="alert">
      <b>
        <Trans>这个地址不完整</Trans>
      </b>
      <p>
        <Trans>请用发给您的完整链接打开，连同 # 后面的部分。刷新过这一页，请再打开一次链接。</Trans>
      </p>
    </Note>
  );
}

function Done({ login }: { login: string }) {
  return (
    <>
      <Note tone="go" live="status">
        <b>
          <Trans>设好了</Trans>
        </b>
        <p>
          <Trans>以后用账号“{login}”和刚设的密码登录。链接已经作废。</Trans>
        </p>
      </Note>
      <p style={{ marginTop: 20 }}>
        <Link className="btn p" to="/sign-in">
          <Trans>去登录</Trans>
        </Link>
      </p>
    </>
  );
}

interface FormProps {
  token: string;
  target: Target;
  onDone: (login: string) => void;
}

function LinkForm({ token, target, onDone }: FormProps) {
  const { t, i18n } = useLingui();
  const saving = useSave();
  const wrong = fieldErrors(saving.error);
  const labels = { login: t`账号`, password: t`密码` };
  const [name, unit] = [nameIn(i18n.locale, target.member), nameIn(i18n.locale, target.unit)];
  const until = formatWhen(target.expires_at, i18n.locale);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const login = String(form.get("login") ?? "").trim();
    void saving.save(async () => {
      const password = String(form.get("password") ?? "");
      const body = { token, password, ...(target.login ? {} : { login }) };
      await api.POST("/api/v1/auth/account-links/redeem", { body });
      onDone(target.login ?? login);
    });
  };
  return (
    <>
      <p className="m" style={{ marginBottom: 20 }}>
        <Trans>
          这是给{unit}“{name}”的，{until}前有效。不是您本人，请不要填，告诉发给您的人。
        </Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <FormErrors error={saving.error} labels={labels} prefix="" />
        <TextField
          id="login"
          name="login"
          label={labels.login}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={100}
          error={wrong.login}
          {...(target.login
            ? { value: target.login, readOnly: true, hint: t`账号名不变` }
            : { hint: t`登录时填的，至少3个字。可以用姓名拼音或工号，大小写不分。` })}
        />
        <NewPasswordField id="password" name="password" label={labels.password} error={wrong.password} />
        {target.kind === "reset" && (
          <p className="m xs" style={{ marginBottom: 16 }}>
            <Trans>设好以后，您在所有设备上的登录都会退出。</Trans>
          </p>
        )}
        <BusyButton type="submit" className="btn p" isBusy={saving.isBusy}>
          {target.kind === "reset" ? <Trans>设新密码</Trans> : <Trans>开通</Trans>}
        </BusyButton>
      </form>
    </>
  );
}
