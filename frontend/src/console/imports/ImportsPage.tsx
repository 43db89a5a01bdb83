import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { $api } from "../../api/client";
import { formatNumber, formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { Dot, Empty, Skeleton, Title } from "../shared/parts";
import { isRunning, type Job, percentDone } from "./client";

export default function ImportsPage() {
  const { t } = useLingui();
  const [cursors, setCursors] = useState<string[]>([]);
  const cursor = cursors.at(-1);
  const { data, error, refetch } = $api.useQuery(
    "get",
    "/api/v1/imports",
    { params: { query: { limit: 20, ...(cursor ? { cursor } : {}) } } },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? 3000 : false),
    },
  );
  const jobs = data?.items ?? [];
  const next = data?.next_cursor;
  const start = (
    <Link className="btn p" to="/imports/new">
      <Icon name="plus" />
      <Trans>导入台账</Trans>
    </Link>
  );
  return (
    <div style={{ maxWidth: 960 }}>
      <Title name={t`导入`}>{jobs.length > 0 && start}</Title>
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton label={t`正在取导入清单`} />}
      {data && jobs.length === 0 && (
        <Empty title={t`还没有导入过`} steps={[t`选文件`, t`对应列`, t`试运行`, t`导入`]} action={start}>
          <Trans>
            以前的信访台账、12345转办单、校长信箱，只要是表格，都能导进来一起办、一起统计。先试运行，看过再写入。
          </Trans>
        </Empty>
      )}
      {jobs.length > 0 && (
        <ul>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      )}
      {(cursor || next) && (
        <div className="pager">
          <span className="sp" />
          <button
            type="button"
            className="btn sm"
            disabled={!cursor}
            onClick={() => setCursors(cursors.slice(0, -1))}
          >
            <Trans>上一页</Trans>
          </button>
          <button
            type="button"
            className="btn sm"
            disabled={!next}
            onClick={() => next && setCursors([...cursors, next])}
          >
            <Trans>下一页</Trans>
          </button>
        </div>
      )}
    </div>
  );
}

function JobRow({ job }: { job: Job }) {
  const { i18n } = useLingui();
  const number = (value: number) => formatNumber(value, i18n.locale);
  return (
    <li>
      <Link className="jobrow" to={`/imports/${job.id}`}>
        <span className="jn">
          <span className="ell">{job.file_name}</span>
          {job.dry_run && (
            <span className="tag">
              <Trans>试运行</Trans>
            </span>
          )}
        </span>
        <span className="m xs">
          {job.created_by && (
            <>
              {nameIn(i18n.locale, job.created_by)}
              <Dot />
            </>
          )}
          {formatWhen(job.created_at, i18n.locale)}
          <Dot />
          {job.source}
        </span>
        <span className="r">
          <Trans>{number(job.rows_total)}行</Trans>
        </span>
        <JobState job={job} />
      </Link>
    </li>
  );
}

function JobState({ job }: { job: Job }) {
  const { i18n } = useLingui();
  const failed = formatNumber(job.rows_failed, i18n.locale);
  if (isRunning(job)) {
    return (
      <span className="st br">
        <Icon name="half" />
        {percentDone(job)}%
      </span>
    );
  }
  if (job.state === "failed") {
    return (
      <span className="st la">
        <Icon name="warn" />
        <Trans>没有做完</Trans>
      </span>
    );
  }
  return (
    <span className="st go">
      <Icon name="done" />
      {job.rows_failed > 0 ? <Trans>完成，错{failed}行</Trans> : <Trans>完成</Trans>}
    </span>
  );
}
