import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import type { ReactNode } from "react";
import { $api, api, type Schemas } from "../../api/client";
import { formatNumber, formatWhen } from "../../shared/format";
import { download } from "../shared/bearer";
import { ErrorNotice } from "../shared/ErrorNotice";
import { explain } from "../shared/explain";
import { Icon } from "../shared/Icon";
import { wordFor } from "../shared/labels";
import { BusyButton, Note } from "../shared/parts";
import { useOnce } from "../shared/useOnce";
import { faultWords } from "./words";

type Verification = Schemas["LogVerification"];

const EVERY_MS = 1500;
const LOG = "/api/v1/log";

const isUnderWay = (verification: Verification | null | undefined) =>
  verification?.state === "queued" || verification?.state === "running";

/**
 * Whether the log is whole: its last checkpoint, what the last verification found, and the way to another one. Beside it
 * stands what else there is to do with the log.
 */
export function Seal({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const { isBusy, once } = useOnce();
  const { data, error, refetch } = $api.useQuery(
    "get",
    LOG,
    {},
    { refetchInterval: ({ state }) => (isUnderWay(state.data?.verification) ? EVERY_MS : false) },
  );
  const saying = (work: () => Promise<void>) =>
    once(work).catch((failure: unknown) => {
      const { title, todo } = explain(failure);
      message.error(`${t(title)} ${t(todo)}`);
    });
  const verify = async () => {
    const { data: asked } = await api.POST("/api/v1/log/verify");
    queryClient.setQueryData($api.queryOptions("get", LOG, {}).queryKey, asked);
  };
  if (error) {
    return (
      <>
        <ErrorNotice error={error} retry={() => void refetch()} />
        <div className="row seal-tools">{children}</div>
      </>
    );
  }
  if (!data) return null;
  const { checkpoint, verification } = data;
  const day = checkpoint?.at.slice(0, 10);
  const keep = () => download("/api/v1/public/log/checkpoint", `checkpoint-${day}.json`);
  return (
    <section className="panel seal" aria-label={t`日志核验`}>
      <div className="row">
        <Checkpoint checkpoint={checkpoint} />
        <span className="sp" />
        {checkpoint && (
          <BusyButton className="btn sm" isBusy={isBusy} onClick={() => void saying(keep)}>
            <Icon name="download" small />
            <Trans>下载检查点</Trans>
          </BusyButton>
        )}
        <BusyButton
          className="btn sm"
          isBusy={isBusy || isUnderWay(verification)}
          onClick={() => void saying(verify)}
        >
          <Trans>核验日志</Trans>
        </BusyButton>
        {children}
      </div>
      {verification && <Outcome verification={verification} />}
    </section>
  );
}

function Checkpoint({ checkpoint }: { checkpoint: Schemas["LogCheckpoint"] | null }) {
  const { i18n } = useLingui();
  if (!checkpoint) {
    return (
      <span className="m">
        <Trans>还没有检查点，记下第一件事后就有。</Trans>
      </span>
    );
  }
  const when = formatWhen(checkpoint.at, i18n.locale);
  return (
    <span className="m">
      <Trans>最近的检查点：{when}。请每月存一份到系统之外。</Trans>
    </span>
  );
}

function Outcome({ verification }: { verification: Verification }) {
  const { t, i18n } = useLingui();
  const { state, percent, faults, is_whole: isWhole } = verification;
  const when = formatWhen(verification.finished_at ?? verification.requested_at, i18n.locale);
  if (state === "queued") return <Note live="status">{t`核验正在排队，可以离开这一页`}</Note>;
  if (state === "running") return <Note live="status">{t`正在核验，已读${percent}%，可以离开这一页`}</Note>;
  if (state === "failed") {
    return (
      <Note tone="so" live="status">
        <Trans>{when}的核验没有做完，请再核验一次。</Trans>
      </Note>
    );
  }
  if (isWhole) {
    return (
      <Note tone="go" live="status">
        <Trans>{when}核验过：日志完好，没有改动、缺失或换序。</Trans>
      </Note>
    );
  }
  return (
    <Note tone="so" live="alert">
      <Trans>{when}核验发现日志与封存时不符，请马上告诉系统管理员，由他在服务器上查出是哪几处：</Trans>
      <ul>
        {faults.map(({ kind, count }) => (
          <li key={kind}>
            {t(wordFor(faultWords, kind))} × {formatNumber(count, i18n.locale)}
          </li>
        ))}
      </ul>
    </Note>
  );
}
