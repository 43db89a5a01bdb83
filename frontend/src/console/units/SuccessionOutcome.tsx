import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatForPaper, formatNumber } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { Note } from "../shared/parts";

type Report = Schemas["UnitSuccessionReport"];

/** What each successor has now, or would have, and what somebody still has to do. */
export function SuccessionOutcome({ report }: { report: Report }) {
  const { t, i18n } = useLingui();
  const count = (number: number) => formatNumber(number, i18n.locale);
  return (
    <>
      <div style={{ marginBottom: 16 }}>
        <Note tone={report.is_dry_run ? "so" : "go"}>
          {report.is_dry_run ? (
            <Trans>还没有做，下面是会怎样。</Trans>
          ) : (
            <Trans>已经办好，原单位已撤销。</Trans>
          )}
        </Note>
      </div>
      <ul className="handed">
        {report.successors.map(({ unit, units, members, cases }) => (
          <li key={unit.id}>
            <b>{nameIn(i18n.locale, unit)}</b>
            <p className="m xs">
              {[
                t`未办结的件${count(cases)}件`,
                t`成员${count(members)}人`,
                t`下级单位${count(units)}个`,
              ].join(t({ message: "，", context: "list" }))}
            </p>
          </li>
        ))}
      </ul>
      {report.cases_without_handler > 0 && (
        <p>
          <Trans>
            {count(report.cases_without_handler)}
            件没有承办人了：原来的承办人在承接单位没有“承办人”角色，由承接单位的负责人重新交办。
          </Trans>
        </p>
      )}
      {report.ended_roles > 0 && (
        <p>
          <Trans>
            原单位的{count(report.ended_roles)}
            个角色就此终止，需要接着做的请安全管理员在承接单位授予；先授予再合并，件就不会没人办。
          </Trans>
        </p>
      )}
    </>
  );
}

/** What a unit was before, or what became of it. */
export function Successions({ unit }: { unit: Schemas["OrgUnit"] }) {
  const { t, i18n } = useLingui();
  const list = (others: Schemas["UnitSuccession"][]) =>
    others.map(({ unit: other, succeeded_on }) => (
      <li key={other.id}>
        <Link to={`/units?unit=${other.id}`}>{nameIn(i18n.locale, other)}</Link>{" "}
        <span className="m xs">{formatForPaper(succeeded_on, i18n.locale)}</span>
      </li>
    ));
  if (unit.successors.length + unit.predecessors.length === 0) return null;
  return (
    <section aria-label={t`沿革`} style={{ marginTop: 12 }}>
      {unit.successors.length > 0 && (
        <>
          <p className="b">
            {unit.successors[0]?.kind === "merged" ? <Trans>已并入</Trans> : <Trans>已拆分为</Trans>}
          </p>
          <ul className="handed">{list(unit.successors)}</ul>
        </>
      )}
      {unit.predecessors.length > 0 && (
        <>
          <p className="b">
            <Trans>前身</Trans>
          </p>
          <ul className="handed">{list(unit.predecessors)}</ul>
        </>
      )}
    </section>
  );
}
