import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { $api } from "../../api/client";
import { formatNumber, formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { importKindWords, wordFor } from "../shared/labels";
import { Dot, Empty, Skeleton, Title } from "../shared/parts";
import { isRunning, type Job, type Kind, percentDone } from "./client";
import { useKinds } from "./useKinds";

export default function ImportsPage() {
  const { t } = useLingui();
  const kinds = useKinds();
  const [params, setParams] = useSearchParams();
  const kind = kinds.find((mine) => mine === params.get("kind"));
  const [cursors, setCursors] = useState<string[]>([]);
  const cursor = cursors.at(-1);
  const { data, error, refetch } = $api.useQuery(
    "get",
    "/api/v1/imports",
    { params: { query: { limit: 20, ...(kind ? { kind } : {}), ...(cursor ? { cursor } : {}) } } },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? 3000 : false),
    },
  );
  const jobs = data?.items ?? [];
  const next = data?.next_cursor;
  const choose = (chosen: Kind | null) => {
    setCursors([]);
    setParams(chosen ? { kind: chosen } : {}, { replace: true });
  };
  const start = (kind ? [kind] : kinds).map((mine, index) => (
    <StartLink key={mine} kind={mine} isFirst={index === 0} />
  ));
  return (
    <div style={{ maxWidth: 960 }}>
      <Title name={t`导入`}>{jobs.length > 0 && start}</Title>
      {kinds.length > 1 && <KindFilter kinds={kinds} kind={kind} onChoose={choose} />}
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton label={t`正在取导入清单`} />}
      {data && jobs.length === 0 && (
        <Empty
          title={t`还没有导入过`}
          steps={[t`选文件`, t`对应列`, t`试运行`, t`导入`]}
          action={<div className="row wrap">{start}</div>}
        >
          {kinds.includes("complaints") ? (
            <Trans>
              以前的信访台账、12345转办单、校长信箱，只要是表格，都能导进来一起办、一起统计。先试运行，看过再写入。
            </Trans>
          ) : (
            <Trans>全县的学校和教职工，用一张表就能建好；以后有变动，改了再导。先试运行，看过再写入。</Trans>
          )}
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

function StartLink({ kind, isFirst }: { kind: Kind; isFirst: boolean }) {
  return (
    <Link className={isFirst ? "btn p" : "btn"} to={`/imports/new?kind=${kind}`}>
      <Icon name="plus" />
      {
        {
          complaints: <Trans>导入台账</Trans>,
          units: <Trans>导入单位</Trans>,
          members: <Trans>导入成员</Trans>,
        }[kind]
      }
    </Link>
  );
}

interface KindFilterProps {
  kinds: Kind[];
  kind: Kind | undefined;
  onChoose: (kind: Kind | null) => void;
}

function KindFilter({ kinds, kind, onChoose }: KindFilterProps) {
  const { t } = useLingui();
  return (
    <div className="filters">
      <label className="row">
        <span className="m" style={{ whiteSpace: "nowrap" }}>
          <Trans>导入的是</Trans>
        </span>
        <select
          className="inp"
          value={kind ?? ""}
          onChange={(event) => onChoose((event.target.value || null) as Kind | null)}
        >
          <option value="">{t`全部`}</option>
          {kinds.map((mine) => (
            <option key={mine} value={mine}>
              {t(wordFor(importKindWords, mine))}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function JobRow({ job }: { job: Job }) {
  const { t, i18n } = useLingui();
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
          {job.kind === "complaints" ? job.source : t(wordFor(importKindWords, job.kind))}
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
