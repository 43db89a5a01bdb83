import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client";
import { failureOf, fieldErrors } from "../../api/problem";
import { Refusal } from "../session/Refusal";
import { useCountdown } from "../session/useCountdown";
import { BusyButton } from "../shared/parts";
import { session } from "../shared/session";
import { useOnce } from "../shared/useOnce";
import { CodeField, type CodeKind, codeOf } from "./CodeField";

interface CodeStepProps {
  ticket: string;
  /** The password has to be given again: too much time went by, or one wants to be somebody else. */
  onBack: (error?: unknown) => void;
}

/** The second step of signing in. */
export function CodeStep({ ticket, onBack }: CodeStepProps) {
  const queryClient = useQueryClient();
  const { isBusy, once } = useOnce();
  const { left, start } = useCountdown();
  const [error, setError] = useState<unknown>(null);
  const [kind, setKind] = useState<CodeKind>("code");
  const wrong = fieldErrors(error);

  async function complete(form: FormData) {
    try {
      const { data } = await api.POST("/api/v1/auth/second-factor", {
        body: { ticket, session: "cookie", ...codeOf(form) },
      });
      queryClient.clear();
      if (data) session.begin(data);
    } catch (refused) {
      if (failureOf(refused).code === "ticket_ended") return onBack(refused);
      setError(refused);
      start(failureOf(refused).retryAfterSeconds ?? 0);
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setError(null);
    // Recovery codes are counted apart, so the wait is for the other kind.
    if (left === 0 || kind === "recovery_code") void once(() => complete(form));
  }

  const isWaiting = left > 0 && kind === "code";
  return (
    <form onSubmit={submit} noValidate>
      <div style={{ marginBottom: error ? 16 : 0 }}>
        <Refusal error={error} wait={left} />
      </div>
      <CodeField
        kind={kind}
        onKind={(next) => {
          setKind(next);
          setError(null);
        }}
        error={kind === "code" ? wrong.code : wrong.recovery_code}
      />
      <BusyButton type="submit" className="btn p" isBusy={isBusy} disabled={isWaiting}>
        {isWaiting ? <Trans>{left}秒后可再试</Trans> : <Trans>登录</Trans>}
      </BusyButton>
      <p className="xs m" style={{ marginTop: 20 }}>
        <Trans>手机和恢复码都没有了？请安全管理员解除两步验证。</Trans>{" "}
        <button type="button" className="btn t sm" onClick={() => onBack()}>
          <Trans>换个账号登录</Trans>
        </button>
      </p>
    </form>
  );
}
