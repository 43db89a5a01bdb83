import { Trans, useLingui } from "@lingui/react/macro";
import { formatNumber } from "../../shared/format";
import { importFieldWords, wordFor } from "../shared/labels";
import { listOf } from "../shared/listOf";
import type { Job } from "./client";

/** What the first rows of a list do, or in a dry run would do. */
export function Changes({ job }: { job: Job }) {
  const { t, i18n } = useLingui();
  const shown = formatNumber(job.changes.length, i18n.locale);
  const total = formatNumber(job.rows_created + job.rows_updated, i18n.locale);
  const words = importFieldWords[job.kind];
  return (
    <section style={{ marginTop: 24 }}>
      <div className="row wrap" style={{ marginBottom: 4 }}>
        <h2 style={{ fontSize: 14 }}>{job.dry_run ? t`将新建和更新的` : t`新建和更新的`}</h2>
        <span className="m xs">
          <Trans>
            列出{shown}个，共{total}个
          </Trans>
        </span>
      </div>
      <div className="scroll">
        <table className="tbl dense wrap">
          <thead>
            <tr>
              <th scope="col" className="r" style={{ width: 72 }}>{t`行`}</th>
              <th scope="col" style={{ width: 88 }}>{t`结果`}</th>
              <th scope="col">{t`名称`}</th>
              <th scope="col">{t`改了什么`}</th>
            </tr>
          </thead>
          <tbody>
            {job.changes.map((change) => (
              <tr key={change.row}>
                <td className="m r">{formatNumber(change.row, i18n.locale)}</td>
                <td>
                  {change.outcome === "created"
                    ? t({ message: "新建", context: "outcome" })
                    : t({ message: "更新", context: "outcome" })}
                </td>
                <td className="b">{change.name}</td>
                <td className="m">
                  {listOf(
                    i18n.locale,
                    change.fields.map((field) => t(wordFor(words, field))),
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
