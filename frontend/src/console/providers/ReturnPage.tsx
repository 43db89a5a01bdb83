import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, Navigate } from "react-router";
import { api } from "../../api/client";
import { ApiError } from "../../api/problem";
import { CodeStep } from "../second-factor/CodeStep";
import { Frame } from "../session/Frame";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Note, Skeleton, useDocumentTitle } from "../shared/parts";
import { session } from "../shared/session";
import { type Back, takeBack } from "./flow";

type Outcome =
  | { kind: "waiting" }
  | { kind: "done"; to: string }
  | { kind: "code"; ticket: string; to: string }
  | { kind: "given_up"; to: string }
  | { kind: "failed"; error: unknown; to: string };

/** Where the provider sends people back to. */
export default function ReturnPage() {
  const { t } = useLingui();
  useDocumentTitle(t`正在登录`);
  const outcome = useReturn();
  if (outcome.kind === "done") return <Navigate to={outcome.to} replace />;
  return (
    <Frame>
      <main className="box">
        <h1>
          <Trans>统一身份认证</Trans>
        </h1>
        {outcome.kind === "waiting" && <Skeleton lines={2} label={t`正在核对身份`} />}
        {outcome.kind === "code" && <Code ticket={outcome.ticket} to={outcome.to} />}
        {outcome.kind === "given_up" && (
          <Note tone="so" live="alert">
            <Trans>没有完成。可能是您取消了，或隔得太久。</Trans>
          </Note>
        )}
        {outcome.kind === "failed" && <ErrorNotice error={outcome.error} />}
        {(outcome.kind === "given_up" || outcome.kind === "failed") && (
          <p style={{ marginTop: 20 }}>
            <Link className="btn" to={outcome.to}>
              <Trans>返回</Trans>
            </Link>
          </p>
        )}
      </main>
    </Frame>
  );
}

function Code({ ticket, to }: { ticket: string; to: string }) {
  const [isBack, setBack] = useState(false);
  const status = session.status();
  if (status === "in") return <Navigate to={to} replace />;
  if (isBack) return <Navigate to="/sign-in" replace />;
  return (
    <>
      <p className="m" style={{ marginBottom: 20 }}>
        <Trans>身份对了，还要一个验证码</Trans>
      </p>
      <CodeStep ticket={ticket} onBack={() => setBack(true)} />
    </>
  );
}

function useReturn(): Outcome {
  const queryClient = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome>({ kind: "waiting" });
  // React may run an effect twice, and a code is good once.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void settle(takeBack()).then((settled) => {
      queryClient.clear();
      setOutcome(settled);
    });
  }, [queryClient]);
  return outcome;
}

async function settle(back: Back | null): Promise<Outcome> {
  if (!back) return { kind: "given_up", to: "/sign-in" };
  const { flow, code, state, errand } = back;
  const to = errand === "tie" ? "/account" : "/sign-in";
  if (back.refusal || !code) return { kind: "given_up", to };
  try {
    if (errand === "tie") {
      await session.renew();
      await api.POST("/api/v1/me/provider/complete", { body: { flow, code, state } });
      return { kind: "done", to };
    }
    const { data } = await api.POST("/api/v1/auth/provider/complete", {
      body: { flow, code, state, session: "cookie" },
    });
    if (data) session.begin(data);
    return { kind: "done", to: back.next };
  } catch (error) {
    if (error instanceof ApiError && error.problem.ticket) {
      return { kind: "code", ticket: error.problem.ticket, to: back.next };
    }
    return { kind: "failed", error, to };
  }
}
