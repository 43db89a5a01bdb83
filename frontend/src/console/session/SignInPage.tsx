import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Navigate, useSearchParams } from "react-router";
import { api } from "../../api/client";
import { ApiError, failureOf } from "../../api/problem";
import { ProviderButton } from "../providers/ProviderButton";
import { CodeStep } from "../second-factor/CodeStep";
import { TextField } from "../shared/Field";
import { useSessionStatus } from "../shared/me";
import { BusyButton, useDocumentTitle } from "../shared/parts";
import { session } from "../shared/session";
import { useOnce } from "../shared/useOnce";
import { Frame } from "./Frame";
import { PasswordField } from "./PasswordField";
import { Refusal } from "./Refusal";
import { useCountdown } from "./useCountdown";

/** Back to where one was, but never to another site. */
export function safeNext(next: string | null): string {
  return next?.startsWith("/") && !next.startsWith("//") ? next : "/";
}

export default function SignInPage() {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const status = useSessionStatus();
  const form = useSignIn();
  useDocumentTitle(t`登录工作台`);
  if (status === "in") return <Navigate to={safeNext(params.get("next"))} replace />;
  return (
    <Frame>
      <main className="box">
        <h1>
          <Trans>登录工作台</Trans>
        </h1>
        {form.ticket && (
          <>
            <p className="m" style={{ marginBottom: 20 }}>
              <Trans>密码对了，还要一个验证码</Trans>
            </p>
            <CodeStep ticket={form.ticket} onBack={form.back} />
          </>
        )}
        {!form.ticket && <PasswordStep form={form} next={params.get("next")} />}
      </main>
    </Frame>
  );
}

function PasswordStep({ form, next }: { form: ReturnType<typeof useSignIn>; next: string | null }) {
  const { t } = useLingui();
  const failed = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (form.error) failed.current?.focus();
  }, [form.error]);
  return (
    <>
      <p className="m" style={{ marginBottom: 20 }}>
        {next ? <Trans>登录后回到您刚才那一页</Trans> : <Trans>用本单位发给您的账号</Trans>}
      </p>
      <form onSubmit={form.submit} noValidate>
        <div ref={failed} tabIndex={-1} style={{ marginBottom: form.error ? 16 : 0, outline: "none" }}>
          <Refusal error={form.error} wait={form.wait} />
        </div>
        <TextField
          id="login"
          name="login"
          label={t`账号`}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={form.missing.login ? t`请填账号` : undefined}
        />
        <PasswordField
          id="password"
          name="password"
          label={t`密码`}
          autoComplete="current-password"
          error={form.missing.password ? t`请填密码` : undefined}
          hint={t`输错几次不会锁死账号，只是要等得久一些。`}
        />
        <BusyButton type="submit" className="btn p" isBusy={form.isBusy} disabled={form.wait > 0}>
          {form.wait > 0 ? <Trans>{form.wait}秒后可再试</Trans> : <Trans>登录</Trans>}
        </BusyButton>
      </form>
      <ProviderButton next={safeNext(next)} />
      <p className="xs m" style={{ marginTop: 20, paddingTop: 16, borderTop: "1px solid var(--line-soft)" }}>
        <Trans>公用电脑请用完退出。没有账号或忘了密码？请向安全管理员要一个链接。</Trans>
      </p>
    </>
  );
}

function useSignIn() {
  const queryClient = useQueryClient();
  const { isBusy, once } = useOnce();
  const { left, start } = useCountdown();
  const [error, setError] = useState<unknown>(null);
  const [ticket, setTicket] = useState("");
  const [missing, setMissing] = useState({ login: false, password: false });

  async function signIn(login: string, password: string) {
    try {
      const { data } = await api.POST("/api/v1/auth/login", { body: { login, password, session: "cookie" } });
      queryClient.clear();
      if (data) session.begin(data);
    } catch (refusal) {
      if (refusal instanceof ApiError && refusal.problem.ticket) return setTicket(refusal.problem.ticket);
      setError(refusal);
      start(failureOf(refusal).retryAfterSeconds ?? 0);
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const login = String(form.get("login") ?? "").trim();
    const password = String(form.get("password") ?? "");
    setMissing({ login: !login, password: !password });
    setError(null);
    if (login && password && left === 0) void once(() => signIn(login, password));
  }

  const back = (refusal?: unknown) => {
    setTicket("");
    setError(refusal ?? null);
  };
  return { submit, isBusy, error, missing, wait: left, ticket, back };
}
