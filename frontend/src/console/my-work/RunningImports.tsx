import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { $api } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { Icon } from "../shared/Icon";

/** Imports under way, so that one can leave them and find them again. */
export function RunningImports() {
  const { i18n } = useLingui();
  const { data } = $api.useQuery(
    "get",
    "/api/v1/imports",
    { params: { query: { limit: 5 } } },
    { refetchInterval: 5000 },
  );
  const running = (data?.items ?? []).filter(({ state }) => state === "queued" || state === "running");
  if (running.length === 0) return null;
  return (
    <section>
      <h2>
        <Trans>正在进行</Trans>
      </h2>
      {running.map((job) => {
        const percent = job.rows_total > 0 ? Math.floor((job.rows_done / job.rows_total) * 100) : 0;
        return (
          <Link key={job.id} className="job" to={`/imports/${job.id}`}>
            <span className="row">
              <Icon name="upload" />
              <span className="ell sp">{job.file_name}</span>
              <span className="m xs">{percent}%</span>
            </span>
            <span className="bar" style={{ margin: "6px 0" }}>
              <i style={{ width: `${percent}%` }} />
            </span>
            <span className="m xs">
              <Trans>
                {formatNumber(job.rows_done, i18n.locale)} / {formatNumber(job.rows_total, i18n.locale)}行
              </Trans>
            </span>
          </Link>
        );
      })}
    </section>
  );
}
