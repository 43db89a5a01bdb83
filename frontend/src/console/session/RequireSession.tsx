import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, useEffect, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { $api } from "../../api/client";
import { failureOf } from "../../api/problem";
import { ErrorNotice } from "../shared/ErrorNotice";
import { useSessionStatus } from "../shared/me";
import { Skeleton } from "../shared/parts";
import { session } from "../shared/session";
import { Frame } from "./Frame";

// With its QR code it is fetched by the few who need it.
const MustEnrol = lazy(() => import("../second-factor/MustEnrol"));
const MustChangePassword = lazy(() => import("./MustChangePassword"));

/** Lets through who is signed in; sends everybody else to the sign-in page and afterwards back. */
export function RequireSession() {
  const { t } = useLingui();
  const status = useSessionStatus();
  const { pathname, search } = useLocation();
  const me = $api.useQuery("get", "/api/v1/me", {}, { enabled: status === "in", staleTime: 300_000 });
  useEffect(() => {
    if (status === "starting") session.renew().catch(() => undefined);
  }, [status]);
  // Stays so until the recovery codes are kept: the question is answered otherwise as soon as it is asked again.
  const [isEnrolling, setEnrolling] = useState(false);
  const isMissing = failureOf(me.error).code === "second_factor_missing";
  if (isMissing && !isEnrolling) setEnrolling(true);
  if (status === "out") {
    const here = `${pathname}${search}`;
    return <Navigate to={here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`} replace />;
  }
  if (status === "unreachable") return <Unreachable />;
  if (isEnrolling) {
    const done = () => void me.refetch().finally(() => setEnrolling(false));
    return <MustEnrol onDone={done} />;
  }
  if (failureOf(me.error).code === "password_change_needed") {
    return <MustChangePassword onDone={() => void me.refetch()} />;
  }
  if (me.error) {
    return (
      <Frame>
        <main className="box">
          <ErrorNotice error={me.error} retry={() => void me.refetch()} />
        </main>
      </Frame>
    );
  }
  if (!me.data) {
    return (
      <main className="main">
        <Skeleton label={t`正在打开工作台`} />
      </main>
    );
  }
  return <Outlet />;
}

function Unreachable() {
  return (
    <Frame>
      <main className="box">
        <h1>
          <Trans>没有连上服务器</Trans>
        </h1>
        <p className="m" style={{ margin: "4px 0 20px" }}>
          <Trans>您的登录还在。请看看网络，再试一次。</Trans>
        </p>
        <button type="button" className="btn p" onClick={() => session.renew().catch(() => undefined)}>
          <Trans>再试一次</Trans>
        </button>
      </main>
    </Frame>
  );
}
