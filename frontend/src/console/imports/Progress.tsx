import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { formatNumber } from "../../shared/format";
import { Note } from "../shared/parts";
import { type Job, percentDone } from "./client";

/** How far an import is. It goes on without this page. */
export function Progress({ job }: { job: Job }) {
  const { t, i18n } = useLingui();
  const percent = percentDone(job);
  const number = (value: number) => formatNumber(value, i18n.locale);
  return (
    <section className="panel" style={{ maxWidth: 820 }}>
      <div style={{ padding: 24 }}>
        <div className="row" style={{ alignItems: "baseline" }}>
          <b className="percent">{percent}%</b>
          <span className="m">
            <Trans>
              {number(job.rows_done)} / {number(job.rows_total)}行
            </Trans>
          </span>
          <span className="sp" />
          <span className="m">{job.state === "queued" ? t`正在排队` : <TimeLeft job={job} />}</span>
        </div>
        <div
          className="bar"
          style={{ height: 8, margin: "12px 0 16px" }}
          role="progressbar"
          aria-label={t`导入进度`}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${percent}%` }} />
        </div>
        <p>
          <Trans>
            新建{number(job.rows_created)}，更新{number(job.rows_updated)}，未变{number(job.rows_unchanged)}
            ，有错
            {number(job.rows_failed)}
          </Trans>
        </p>
        <div style={{ marginTop: 16 }}>
          <Note>
            {job.kind === "complaints" ? (
              <Trans>
                可以离开这一页，导入不会停。它在“我的工作”和“导入”的清单里都找得到。中途断了，再传同一个文件会接着导，不会重复。
              </Trans>
            ) : (
              <Trans>
                可以离开这一页，导入不会停。它在“导入”的清单里找得到。服务器中途停了，会自动接着导，不会重复。
              </Trans>
            )}
          </Note>
        </div>
      </div>
      <div className="ef" style={{ padding: "12px 24px" }}>
        <span className="sp" />
        {job.kind === "complaints" ? (
          <Link className="btn" to="/">
            <Trans>回到我的工作</Trans>
          </Link>
        ) : (
          <Link className="btn" to="/imports">
            <Trans>全部导入</Trans>
          </Link>
        )}
      </div>
    </section>
  );
}

function TimeLeft({ job }: { job: Job }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 2000);
    return () => clearInterval(timer);
  }, []);
  const spent = (now - Date.parse(job.created_at)) / 1000;
  if (job.rows_done < 1 || spent < 2) return null;
  const minutes = Math.ceil(((job.rows_total - job.rows_done) * spent) / job.rows_done / 60);
  return minutes > 1 ? <Trans>大约还要{minutes}分钟</Trans> : <Trans>不到一分钟</Trans>;
}
