import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { Note } from "../shared/parts";

type Report = Schemas["HandOverReport"];
type Kept = Report["kept"][number];
type Moved = Report["moved"][number];

const whyWords: Record<Kept["why"], MessageDescriptor> = {
  not_yours: msg`您无权交办，由管它的人去交`,
  not_able: msg`接手的人办不了：没有相应的角色，或应当回避`,
  needs_another: msg`投诉人对接手人的答复不满意，要换别人`,
  too_many: msg`一次交不完，再交一次`,
  open_cases: msg`还有未办结的件`,
};

/** What went over and what stays, each with why; or, of a trial, what would. */
export function Outcome({ report }: { report: Report }) {
  const { t, i18n } = useLingui();
  const moved = formatNumber(report.moved.length, i18n.locale);
  return (
    <>
      <div style={{ marginBottom: 16 }}>
        <Note tone={report.kept.length > 0 || report.moved.length === 0 ? "so" : "go"}>
          <Verdict report={report} />
        </Note>
      </div>
      {report.kept.length > 0 && (
        <section aria-label={t`留下的`}>
          <p className="b">{t`留下的`}</p>
          <ul className="handed">
            {report.kept.map((kept) => (
              <li key={`${kept.what} ${kept.case?.id}`}>
                <What of={kept} />
                <p className="m xs">{t(whyWords[kept.why])}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {report.moved.length > 0 && (
        <details open={report.moved.length <= 10}>
          <summary>
            <Trans>交出的（{moved}）</Trans>
          </summary>
          <ul className="handed">
            {report.moved.map((item) => (
              <li key={`${item.what} ${item.case?.id}`}>
                <What of={item} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Verdict({ report }: { report: Report }) {
  const hasMoved = report.moved.length > 0;
  if (report.is_dry_run) {
    return (
      <>
        <b>
          <Trans>还没有交，下面是会怎样。</Trans>
        </b>{" "}
        {!hasMoved && <Trans>没有什么可以交给这个人。</Trans>}
        {report.is_closed && <Trans>交接后同时记为离任，账号马上不能登录。</Trans>}
      </>
    );
  }
  return (
    <>
      <b>{hasMoved ? <Trans>已经交接。</Trans> : <Trans>没有交出什么。</Trans>}</b>{" "}
      {report.is_closed && <Trans>已记为离任。</Trans>}
    </>
  );
}

function What({ of }: { of: Kept | Moved }) {
  const { i18n } = useLingui();
  const count = formatNumber(of.count, i18n.locale);
  if (of.case) {
    return (
      <Link to={`/complaints/${of.case.id}`}>
        <span className="num">{of.case.number}</span> {of.case.title}
      </Link>
    );
  }
  if (of.what === "duty_turns") return <Trans>值班{count}班</Trans>;
  if (of.what === "record") return <Trans>记为离任</Trans>;
  return <Trans>您看不到的{count}件</Trans>;
}
