import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Navigate } from "react-router";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { FormErrors } from "../shared/ErrorNotice";
import { TextField } from "../shared/Field";
import { useSessionStatus } from "../shared/me";
import { BusyButton, Note, useDocumentTitle } from "../shared/parts";
import { session } from "../shared/session";
import { useOnce } from "../shared/useOnce";
import { Frame } from "./Frame";
import { newTokenTaker } from "./hashToken";
import { NewPasswordField } from "./NewPasswordField";

const takeToken = newTokenTaker();

export default function BootstrapPage() {
  const { t } = useLingui();
  const [token] = useState(takeToken);
  const status = useSessionStatus();
  useDocumentTitle(t`初始设置`);
  if (status === "in") return <Navigate to="/" replace />;
  return (
    <Frame>
      <main className="box wide">
        <h1>
          <Trans>初始设置</Trans>
        </h1>
        {!token ? <NoToken /> : <BootstrapForm token={token} />}
      </main>
    </Frame>
  );
}

function NoToken() {
  return (
    <Note tone="so" live="alert">
      <b>
        <Trans>这个地址里没有设置码</Trans>
      </b>
      <p>
        <Trans>请用安装时显示的完整链接打开，连同 # 后面的部分。链接只能用一次。</Trans>
      </p>
    </Note>
  );
}

function BootstrapForm({ token }: { token: string }) {
  const { t } = useLingui();
  const { isBusy, once } = useOnce();
  const [error, setError] = useState<unknown>(null);
  const wrong = fieldErrors(error);
  const labels = {
    region_name: t`地区名称`,
    region_name_en: t`地区英文名`,
    member_name: t`您的姓名`,
    login: t`账号`,
    password: t`密码`,
  };

  async function save(form: FormData) {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    try {
      const { data } = await api.POST("/api/v1/auth/bootstrap", {
        body: {
          token,
          region_name: text("region_name"),
          region_name_en: text("region_name_en"),
          member_name: text("member_name"),
          login: text("login"),
          password: String(form.get("password") ?? ""),
          session: "cookie",
        },
      });
      if (data) session.begin(data);
    } catch (refusal) {
      setError(refusal);
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setError(null);
    void once(() => save(form));
  }

  const field = (name: keyof typeof labels) => ({ id: name, name, label: labels[name], error: wrong[name] });
  return (
    <>
      <p className="m" style={{ marginBottom: 20 }}>
        <Trans>建立这个地区和第一位系统管理员。之后的单位、成员和角色都由管理员来建。</Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <FormErrors error={error} labels={labels} prefix="" />
        <div className="two">
          <TextField {...field("region_name")} placeholder={t`如：清河县教育局`} />
          <TextField {...field("region_name_en")} lang="en" />
        </div>
        <TextField {...field("member_name")} autoComplete="name" />
        <TextField {...field("login")} autoComplete="username" autoCapitalize="none" spellCheck={false} />
        <NewPasswordField {...field("password")} />
        <BusyButton type="submit" className="btn p" isBusy={isBusy}>
          <Trans>建立并登录</Trans>
        </BusyButton>
      </form>
    </>
  );
}
