import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useId } from "react";
import { Link, useParams } from "react-router";
import { $api, type Schemas } from "../../../api/client";
import { formatForPaper } from "../../../shared/format";
import { nameIn } from "../../../shared/i18n";
import { complaintKindLabels, satisfactionLabels } from "../../../shared/labels";
import { today } from "../../shared/due";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { Icon } from "../../shared/Icon";
import { channelWords, stateWords, stepWords, wordFor } from "../../shared/labels";
import { listOf } from "../../shared/listOf";
import { useMe } from "../../shared/me";
import { Skeleton, useDocumentTitle } from "../../shared/parts";
import { useDoer } from "../../shared/useDoer";
import { PARTS, partWords } from "./draft";
import { useDetails } from "./Timeline";
import type { Case } from "./verbs";
import "../../styles/case-file.css";

/** The case as a file for the cabinet: everything of it that the reader may see, on A4. */
export default function CaseFilePage() {
  const { id = "" } = useParams();
  const { t } = useLingui();
  const found = $api.useQuery("get", "/api/v1/complaints/{complaint_id}", {
    params: { path: { complaint_id: id } },
  });
  if (found.error) return <ErrorNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton lines={12} label={t`正在取这一件`} />;
  return (
    <>
      <div className="row noprint case-file-bar">
        <Link className="btn" to={`/complaints/${id}`}>
          <Trans>回到这一件</Trans>
        </Link>
        <span className="sp" />
        <span className="m xs">
          <Trans>打印前请确认去向：卷里有投诉人的原话。</Trans>
        </span>
        <button type="button" className="btn p" onClick={() => globalThis.print()}>
          <Icon name="print" />
          <Trans>打印</Trans>
        </button>
      </div>
      <CaseFile complaint={found.data} />
    </>
  );
}

function CaseFile({ complaint }: { complaint: Case }) {
  const { t } = useLingui();
  useDocumentTitle(t`${complaint.number} 办理卷`);
  const me = useMe();
  return (
    <article className="case-file">
      <header>
        <p className="issuer">{me ? <Unit unit={me.region} /> : null}</p>
        <h1>
          <Trans>群众来件办理卷</Trans>
        </h1>
        <p>
          <Trans>编号：{complaint.number}</Trans>
        </p>
      </header>
      <Facts complaint={complaint} />
      <Part title={t`二、反映的内容`}>
        <p className="what">{complaint.title}</p>
        <p className="text">{complaint.body}</p>
      </Part>
      <Part title={t`三、与投诉人的往来`}>
        <Messages complaint={complaint} />
      </Part>
      <Part title={t`四、答复与结果`}>
        <Results complaint={complaint} />
      </Part>
      <Part title={t`五、办理经过`}>
        <Steps complaint={complaint} />
      </Part>
      <Signatures />
    </article>
  );
}

function Unit({ unit }: { unit: { name: string; name_en: string | null } }) {
  const { i18n } = useLingui();
  return <>{nameIn(i18n.locale, unit)}</>;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function useCategoryName(id: string | null): string | null {
  const { i18n } = useLingui();
  const { data } = $api.useQuery(
    "get",
    "/api/v1/categories",
    { params: { query: { include_closed: true } } },
    { enabled: id !== null },
  );
  const category = data?.items.find((known) => known.id === id);
  return category ? nameIn(i18n.locale, category) : null;
}

function Facts({ complaint }: { complaint: Case }) {
  const { t, i18n } = useLingui();
  const category = useCategoryName(complaint.category_id);
  const day = (value: string | null) => (value ? formatForPaper(value, i18n.locale) : t`无`);
  const name = (of: { name: string; name_en: string | null } | null) =>
    of ? nameIn(i18n.locale, of) : t`无`;
  const { due, due_on, rating } = complaint;
  const marks = [
    complaint.is_order && t`热线工单`,
    complaint.is_emergency && t`紧急`,
    complaint.supervision && t`督办`,
    complaint.redo && t`重办`,
    complaint.is_sealed && t`密件`,
  ].filter((mark) => typeof mark === "string");
  const rows: [string, ReactNode, string, ReactNode][] = [
    [
      t`种类`,
      t(wordFor(complaintKindLabels, complaint.kind)),
      t`渠道`,
      t(wordFor(channelWords, complaint.channel)),
    ],
    [t`收到日期`, day(complaint.received_on), t`投诉人`, complaint.has_contact ? t`实名，身份另存` : t`匿名`],
    [t`反映对象`, name(complaint.about_unit), t`类别`, category ?? t`未分类`],
    [t`承办单位`, name(complaint.unit), t`承办人`, name(complaint.handler)],
    [t`状态`, t(wordFor(stateWords, complaint.state)), t`标记`, listOf(i18n.locale, marks) || t`无`],
    [
      t`首次答复`,
      day(complaint.replied_at),
      t`评价`,
      rating ? t(satisfactionLabels[rating.level] ?? wordFor({}, String(rating.level))) : t`未评价`,
    ],
  ];
  return (
    <Part title={t`一、基本情况`}>
      <table>
        <tbody>
          {rows.map(([left, value, right, other]) => (
            <tr key={left}>
              <th scope="row">{left}</th>
              <td>{value}</td>
              <th scope="row">{right}</th>
              <td>{other}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t`办理时限`}</th>
            <td colSpan={3}>
              {due_on ? day(due_on) : t`不计时，或者已经答复`}
              {due && <span className="how">{due.explanation}</span>}
            </td>
          </tr>
        </tbody>
      </table>
    </Part>
  );
}

function None() {
  return (
    <p className="none">
      <Trans>无。</Trans>
    </p>
  );
}

function Messages({ complaint }: { complaint: Case }) {
  const { t, i18n } = useLingui();
  if (complaint.messages.length === 0) return <None />;
  return complaint.messages.map((message) => {
    const isStaff = message.from === "staff";
    const who = isStaff ? (message.by ? nameIn(i18n.locale, message.by) : t`本单位`) : t`投诉人`;
    return (
      <div className="said" key={message.id}>
        <p className="by">
          {formatForPaper(message.on, i18n.locale)}
          <span className="then">{who}</span>
        </p>
        <p className="text">{message.body}</p>
      </div>
    );
  });
}

/** The reasons that ended the case without an answer, and every answer. */
function Results({ complaint }: { complaint: Case }) {
  const { t, i18n } = useLingui();
  const reasons: [string, string | null][] = [
    [t`不予受理的理由`, complaint.not_accepted_reason],
    [t`转送的理由`, complaint.referred_reason],
    [t`该去哪里`, complaint.where_to_go],
    [t`撤回的理由`, complaint.withdrawn_reason],
    [t`办结说明`, complaint.concluded_reason],
    [t`评价时说的话`, complaint.rating?.comment ?? null],
  ];
  const given = reasons.filter(([, text]) => text);
  if (given.length === 0 && complaint.replies.length === 0) return <None />;
  return (
    <>
      {complaint.replies.map((reply) => (
        <div className="answer" key={reply.id}>
          <p className="by">
            {formatForPaper(reply.replied_on, i18n.locale)}
            <span className="then">{nameIn(i18n.locale, reply.unit)}</span>
            {reply.approved_by && (
              <span className="then">
                <Trans>批准：{nameIn(i18n.locale, reply.approved_by)}</Trans>
              </span>
            )}
          </p>
          {PARTS.some((part) => reply[part]) ? (
            PARTS.filter((part) => reply[part]).map((part) => (
              <div key={part}>
                <h3>{t(partWords[part])}</h3>
                <p className="text">{reply[part]}</p>
              </div>
            ))
          ) : (
            <p className="text">{reply.body}</p>
          )}
        </div>
      ))}
      {given.map(([label, text]) => (
        <div key={label}>
          <h3>{label}</h3>
          <p className="text">{text}</p>
        </div>
      ))}
    </>
  );
}

function Steps({ complaint }: { complaint: Case }) {
  const { t } = useLingui();
  return (
    <table className="course">
      <thead>
        <tr>
          <th scope="col">{t`日期`}</th>
          <th scope="col">{t`事项`}</th>
          <th scope="col">{t`经办`}</th>
          <th scope="col">{t`说明`}</th>
        </tr>
      </thead>
      <tbody>
        {complaint.timeline.map((step) => (
          <Step key={step.id} step={step} />
        ))}
      </tbody>
    </table>
  );
}

function Step({ step }: { step: Schemas["ComplaintStep"] }) {
  const { t, i18n } = useLingui();
  const doer = useDoer();
  const to = [step.unit, step.handler].flatMap((of) => (of ? [nameIn(i18n.locale, of)] : []));
  const says = [to.join(" "), ...useDetails(step, formatForPaper), step.note].filter(Boolean);
  return (
    <tr>
      <td>{formatForPaper(step.on, i18n.locale)}</td>
      <td>{t(wordFor(stepWords, step.action))}</td>
      <td>{doer(step)}</td>
      <td>{says.join("；")}</td>
    </tr>
  );
}

/** Who signs for the file, and who took it out when. */
function Signatures() {
  const { t, i18n } = useLingui();
  const me = useMe();
  const who = me ? nameIn(i18n.locale, me.member) : "";
  const on = formatForPaper(today(), i18n.locale);
  return (
    <footer>
      <dl>
        {[t`承办人`, t`审批人`, t`归档日期`].map((label) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd />
          </div>
        ))}
      </dl>
      <p>
        <Trans>
          由{who}于{on}从系统印出，只含其有权看到的内容。
        </Trans>
      </p>
    </footer>
  );
}
