import { Trans, useLingui } from "@lingui/react/macro";
import { App } from "antd";
import { Link } from "react-router";
import { formatNumber } from "../../shared/format";
import { download } from "../shared/bearer";
import { queueLink } from "../shared/filters";
import { Icon } from "../shared/Icon";
import { BusyButton, Note } from "../shared/parts";
import { useOnce } from "../shared/useOnce";
import { Changes } from "./Changes";
import type { Job, Kind } from "./client";

/** What an import or its dry run came to: four figures, and the rows that could not be read. */
export function Result({ job }: { job: Job }) {
  return (
    <>
      <div style={{ marginBottom: 16 }}>
        <Verdict job={job} />
      </div>
      <Figures job={job} />
      {job.rows_failed > 0 && <Errors job={job} />}
      {job.changes.length > 0 && <Changes job={job} />}
    </>
  );
}

function Verdict({ job }: { job: Job }) {
  const reason = job.failure;
  const { i18n } = useLingui();
  const failed = formatNumber(job.rows_failed, i18n.locale);
  const good = formatNumber(job.rows_total - job.rows_failed, i18n.locale);
  if (job.state === "failed") {
    return (
      <Note tone="la" live="alert">
        <b>
          <Trans>导入没有做完。</Trans>
        </b>{" "}
        <Trans>已写入的都在，没有丢。再传同一个文件会接着导，不会重复。</Trans>
        {reason && (
          <p>
            {reason === "given_up" ? (
              <Trans>试了几次都没有做下去。请把时间和文件名告诉管理员。</Trans>
            ) : (
              <Trans>原因：{reason}</Trans>
            )}
          </p>
        )}
      </Note>
    );
  }
  if (job.dry_run) {
    return (
      <Note tone={job.rows_failed > 0 ? "so" : "go"} live="status">
        <b>
          <Trans>这只是试运行，还没有写入任何一条。</Trans>
        </b>{" "}
        {job.rows_failed > 0 ? (
          <Trans>
            {failed}行有错不能导入，其余{good}行可以。您可以先改好再传，也可以先导其余的。
          </Trans>
        ) : (
          <Trans>{good}行都可以导入。</Trans>
        )}
      </Note>
    );
  }
  return (
    <Note tone={job.rows_failed > 0 ? "so" : "go"} live="status">
      <b>
        <Trans>导入完成。</Trans>
      </b>{" "}
      {job.rows_failed > 0 ? (
        <Trans>
          {good}行已处理，{failed}行有错没有导入。改好错误表再传，只会补上这些。
        </Trans>
      ) : (
        <Trans>{good}行都已处理。</Trans>
      )}
    </Note>
  );
}

function Figures({ job }: { job: Job }) {
  const { t, i18n } = useLingui();
  const number = (value: number) => formatNumber(value, i18n.locale);
  const figures: [string, number, boolean][] = [
    [job.dry_run ? t`将新建` : t({ message: "新建", context: "outcome" }), job.rows_created, false],
    [job.dry_run ? t`将更新` : t({ message: "更新", context: "outcome" }), job.rows_updated, false],
    [t`没有变化`, job.rows_unchanged, false],
    [t`有错，不导入`, job.rows_failed, job.rows_failed > 0],
  ];
  return (
    <dl className="strip">
      {figures.map(([label, value, isBad]) => (
        <div key={label}>
          <dt className={isBad ? "late" : "m"}>
            {isBad && <Icon name="warn" small />} {label}
          </dt>
          <dd>
            <b className={isBad ? "late" : undefined}>{number(value)}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Errors({ job }: { job: Job }) {
  const { t, i18n } = useLingui();
  const shown = job.errors.length;
  const total = formatNumber(job.rows_failed, i18n.locale);
  return (
    <section>
      <div className="row wrap" style={{ marginBottom: 4 }}>
        <h2 style={{ fontSize: 14 }}>
          <Trans>有错的行</Trans>
        </h2>
        <span className="m xs">
          <Trans>
            列出{shown}处，共{total}行
          </Trans>
        </span>
        <span className="sp" />
        {job.has_error_workbook && <DownloadErrors job={job} />}
      </div>
      <div className="scroll">
        <table className="tbl dense wrap errors">
          <thead>
            <tr>
              <th scope="col" className="r" style={{ width: 72 }}>{t`行`}</th>
              <th scope="col" style={{ width: 88 }}>{t`列`}</th>
              <th scope="col">{t`问题和改法`}</th>
            </tr>
          </thead>
          <tbody>
            {job.errors.map((error, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row may hold two errors alike
              <tr key={index}>
                <td className="m r">{formatNumber(error.row, i18n.locale)}</td>
                <td>{error.column}</td>
                <td className="late">{error.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function DownloadErrors({ job }: { job: Job }) {
  const { t } = useLingui();
  const { message } = App.useApp();
  const { isBusy, once } = useOnce();
  const name = job.file_name.replace(/\.\w+$/, "");
  const get = () =>
    once(() => download(`/api/v1/imports/${job.id}/errors.xlsx`, `${t`${name}-错误表`}.xlsx`)).catch(() =>
      message.error(t`没有下载成，请再试一次`),
    );
  return (
    <BusyButton className="btn sm" isBusy={isBusy} onClick={() => void get()}>
      <Icon name="download" small />
      <Trans>下载错误表（原表加一列说明）</Trans>
    </BusyButton>
  );
}

/** The list of what was imported: the API can't ask for one job, so of cases by channel, the newest first. */
export function ImportedLink({ kind }: { kind: Kind }) {
  const to = { complaints: queueLink({ channel: ["import"] }), units: "/units", members: "/members" }[kind];
  return (
    <Link className="btn p" to={to}>
      {
        {
          complaints: <Trans>看导入的件</Trans>,
          units: <Trans>看单位</Trans>,
          members: <Trans>看成员</Trans>,
        }[kind]
      }
    </Link>
  );
}
