import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useParams } from "react-router";
import { formatNumber, formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Dot, Skeleton, Title } from "../shared/parts";
import { isRunning, type Job } from "./client";
import { Progress } from "./Progress";
import { ImportedLink, Result } from "./Result";
import { Steps } from "./Steps";
import { useJob } from "./useJob";

export default function ImportRunPage() {
  const { t } = useLingui();
  const { id = "" } = useParams();
  const { data: job, error, refetch } = useJob(id);
  if (error && !job) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!job) return <Skeleton label={t`正在取这次导入`} />;
  return <Run job={job} />;
}

function Run({ job }: { job: Job }) {
  const { t, i18n } = useLingui();
  const isGoing = isRunning(job);
  const when = formatWhen(job.created_at, i18n.locale);
  const by = job.created_by ? nameIn(i18n.locale, job.created_by) : t`系统`;
  return (
    <>
      <Title
        name={
          job.dry_run
            ? t`试运行`
            : { complaints: t`导入办件`, units: t`导入单位`, members: t`导入成员` }[job.kind]
        }
        aside={
          <>
            {job.file_name}
            <Dot />
            <Trans>{formatNumber(job.rows_total, i18n.locale)}行</Trans>
          </>
        }
      />
      <Steps at={job.dry_run ? 2 : isGoing ? 3 : 4} />
      {isGoing ? <Progress job={job} /> : <Result job={job} />}
      <p className="m xs" style={{ margin: "12px 0" }}>
        {job.kind === "complaints" && (
          <>
            <Trans>来源：{job.source}</Trans>
            <Dot />
          </>
        )}
        {job.is_order && (
          <>
            <Trans>热线工单</Trans>
            <Dot />
          </>
        )}
        {by}
        <Dot />
        {when}
      </p>
      {!isGoing && (
        <div className="foot">
          <Link className="btn" to="/imports">
            <Trans>全部导入</Trans>
          </Link>
          <span className="sp" />
          <Link className="btn" to={`/imports/new?kind=${job.kind}`}>
            <Trans>再导一份</Trans>
          </Link>
          {!job.dry_run && <ImportedLink kind={job.kind} />}
        </div>
      )}
    </>
  );
}
