import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Failure, failureOf } from "../../api/problem";
import { Icon } from "./Icon";

interface Props {
  error: unknown;
  /** Tries the same thing again. */
  retry?: () => void;
  /** What is still there: the reader's text, a code, nothing lost. */
  kept?: ReactNode;
  /** Takes the focus, for a failure that answers a press of a button. */
  focus?: boolean;
}

/** Says what happened, what was kept and what to do. Never only a number. */
export function FailureNotice({ error, retry, kept, focus = false }: Props) {
  const failure = failureOf(error);
  const box = useRef<HTMLDivElement>(null);
  const wait = useCountdown(failure.retryAfterSeconds, error);
  useEffect(() => {
    if (focus && error) box.current?.focus();
  }, [focus, error]);
  return (
    <div className="fail" role="alert" tabIndex={-1} ref={box}>
      <Icon name={failure.kind === "offline" ? "offline" : "alert"} />
      <div>
        <h2>
          <Headline failure={failure} />
        </h2>
        <p>
          <Advice failure={failure} wait={wait} />
        </p>
        {kept && <p>{kept}</p>}
        {retry && failure.kind !== "not_found" && (
          <p>
            <button type="button" className="btn" onClick={retry} disabled={wait > 0}>
              {wait > 0 ? <Trans>{wait}秒后可以再试</Trans> : <Trans>再试一次</Trans>}
            </button>
          </p>
        )}
        {failure.kind === "server" && failure.requestId && (
          <p className="small muted">
            <Trans>
              打电话反映这个问题时，请报这个号：<span className="nb">{failure.requestId}</span>
            </Trans>
          </p>
        )}
      </div>
    </div>
  );
}

function Headline({ failure }: { failure: Failure }) {
  switch (failure.kind) {
    case "offline":
      return <Trans>没有连上网</Trans>;
    case "too_many":
      return <Trans>这会儿请求太多</Trans>;
    case "server":
      return <Trans>我们这边出了问题</Trans>;
    case "not_found":
      return <Trans>没有找到</Trans>;
    default:
      return <Trans>没有办成</Trans>;
  }
}

function Advice({ failure, wait }: { failure: Failure; wait: number }) {
  const { t } = useLingui();
  switch (failure.kind) {
    case "offline":
      return t`手机或者电脑暂时连不上服务器。请看看网络，再试一次。`;
    case "too_many":
      return wait > 0
        ? t`为了不让机器占满线路，同一处发来的请求有次数限制。请等${wait}秒再试。`
        : t`为了不让机器占满线路，同一处发来的请求有次数限制。请稍等一会儿再试。`;
    case "server":
      return t`不是您的问题。请过几分钟再试；急事请打单位公布的电话。`;
    default:
      return failure.detail;
  }
}

/** Seconds left until trying again makes sense; starts over with each new error. */
function useCountdown(seconds: number | null, error: unknown): number {
  const [left, setLeft] = useState(seconds ?? 0);
  const [counted, setCounted] = useState(error);
  if (counted !== error) {
    setCounted(error);
    setLeft(seconds ?? 0);
  }
  const isWaiting = left > 0;
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => setLeft((value) => Math.max(0, value - 1)), 1000);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return left;
}
