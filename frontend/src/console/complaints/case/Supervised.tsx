import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Schemas } from "../../../api/client";
import { formatWhen } from "../../../shared/format";
import { nameIn } from "../../../shared/i18n";
import { today } from "../../shared/due";
import { Dot, Note } from "../../shared/parts";
import { StepDialog } from "./StepDialog";
import type { CaseActions } from "./useCase";
import { type Case, verbWords } from "./verbs";

/** Reports shown before one asks for more. */
const SHOWN = 3;

/** Who has the case under supervision, what they were told, and by when they wait for the next report. */
export function Supervised({ complaint, actions }: { complaint: Case; actions: CaseActions }) {
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState<"report" | "lift_supervision" | null>(null);
  const { supervision } = complaint;
  if (!supervision) return null;
  const who = supervision.by ? nameIn(i18n.locale, supervision.by) : t`局领导`;
  const since = formatWhen(supervision.since, i18n.locale);
  const day = supervision.due_on ? formatWhen(supervision.due_on, i18n.locale) : "";
  const may = (["report", "lift_supervision"] as const).filter((verb) =>
    complaint.allowed_actions.includes(verb),
  );
  const close = () => {
    setOpen(null);
    actions.forgetRefusal();
  };
  return (
    <Note tone="so">
      <b>
        <Trans>
          {who}督办，{since}起
        </Trans>
      </b>
      {day && (
        <>
          {" "}
          <Trans>要求{day}前办结</Trans>
        </>
      )}
      <p className="pre">{supervision.reason}</p>
      <NextReport supervision={supervision} />
      <Reports reports={supervision.reports} />
      {may.length > 0 && (
        <p className="row noprint" style={{ marginTop: 8 }}>
          {may.map((verb) => (
            <button key={verb} type="button" className="btn sm" onClick={() => setOpen(verb)}>
              {t(verbWords[verb]?.label ?? { id: verb })}
            </button>
          ))}
        </p>
      )}
      {open && <StepDialog verb={open} complaint={complaint} actions={actions} onClose={close} />}
    </Note>
  );
}

function NextReport({ supervision }: { supervision: Schemas["ComplaintSupervision"] }) {
  const { i18n } = useLingui();
  const { report_due_on: dueOn, report_days: every } = supervision;
  if (!dueOn) {
    return (
      <p className="m xs">
        <Trans>有进展就报告，直到解除督办。</Trans>
      </p>
    );
  }
  const day = formatWhen(dueOn, i18n.locale);
  const isLate = dueOn < today();
  return (
    <p className={isLate ? "late xs" : "m xs"}>
      {isLate ? <Trans>报告应在{day}前交，已经过了</Trans> : <Trans>下一次报告最迟{day}</Trans>}
      <Dot />
      <Trans>每{every}个工作日一次，直到解除督办</Trans>
    </p>
  );
}

function Reports({ reports }: { reports: Schemas["SupervisionReport"][] }) {
  const { t } = useLingui();
  const [newest, older] = [reports.slice(0, SHOWN), reports.slice(SHOWN)];
  const count = older.length;
  if (newest.length === 0) return null;
  return (
    <>
      <ul className="reports" aria-label={t`督办报告`}>
        {newest.map((report) => (
          <Report key={report.at} report={report} />
        ))}
      </ul>
      {count > 0 && (
        <details>
          <summary>
            <Trans>更早的{count}份报告</Trans>
          </summary>
          <ul className="reports">
            {older.map((report) => (
              <Report key={report.at} report={report} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Report({ report }: { report: Schemas["SupervisionReport"] }) {
  const { t, i18n } = useLingui();
  return (
    <li>
      <span className="m xs">
        {report.by ? nameIn(i18n.locale, report.by) : t`工作人员`}
        <Dot />
        {formatWhen(report.at, i18n.locale)}
      </span>
      <p className="pre">{report.report}</p>
    </li>
  );
}
