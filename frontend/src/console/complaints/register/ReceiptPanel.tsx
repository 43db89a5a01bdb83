import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { groupsOf } from "../../../shared/codeGroups";
import { copyText } from "../../../shared/copyText";
import { formatWhen } from "../../../shared/format";
import { nameIn } from "../../../shared/i18n";
import { Icon } from "../../shared/Icon";
import { LeaveGuard } from "../../shared/LeaveGuard";
import { Note, useDocumentTitle } from "../../shared/parts";
import type { Registration } from "./registration";

/** What the caller is told. The code stands here and nowhere else: leaving the page is leaving it. */
export function ReceiptPanel({ receipt }: { receipt: Registration }) {
  const { t } = useLingui();
  useDocumentTitle(t`已经登记`);
  const [isKept, setKept] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <div className="receipt">
      <div className="title">
        <h1 ref={head} tabIndex={-1}>
          <Trans>已经登记：{receipt.number}</Trans>
        </h1>
      </div>
      <CodeBox receipt={receipt} onKept={() => setKept(true)} />
      <ReadOut receipt={receipt} />
      <Where receipt={receipt} />
      <label className="check noprint">
        <input type="checkbox" checked={isKept} onChange={(event) => setKept(event.target.checked)} />
        <Trans>对方已经记下查询码</Trans>
      </label>
      <div className="foot noprint">
        {receipt.id && (
          <Link className="btn p lg" to={`/complaints/${receipt.id}`}>
            <Trans>打开这一件</Trans>
          </Link>
        )}
        <Link className={receipt.id ? "btn lg" : "btn p lg"} to="/register">
          <Icon name="plus" />
          <Trans>登记下一件</Trans>
        </Link>
      </div>
      <LeaveGuard
        isNeeded={!isKept}
        title={t`对方记下查询码了吗？`}
        leave={t`记下了，离开`}
        stay={t`再念一遍`}
      >
        <Trans>离开这一页，查询码就再也看不到了。没有它，对方看不到进度和答复。</Trans>
      </LeaveGuard>
    </div>
  );
}

function CodeBox({ receipt, onKept }: { receipt: Registration; onKept: () => void }) {
  const { t } = useLingui();
  const code = useRef<HTMLParagraphElement>(null);
  const [done, setDone] = useState<"copied" | "selected" | null>(null);
  const groups = groupsOf(receipt.receipt_code);
  const copy = async () => {
    const isCopied = await copyText(groups.join(" "), code.current);
    setDone(isCopied ? "copied" : "selected");
    if (isCopied) onKept();
  };
  const print = () => {
    onKept();
    globalThis.print();
  };
  return (
    <section className="panel" aria-labelledby="receipt-code">
      <h2 className="ph" id="receipt-code">
        <Trans>查询码</Trans>
      </h2>
      <div className="pb">
        <p className="code" ref={code}>
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups may be alike, and never move.
            <span key={index}>{group} </span>
          ))}
        </p>
        <p className="hint">
          <Trans>24位，四个一组。没有字母I、L、O、U，像圆圈的是数字0。</Trans>
        </p>
        <div className="row noprint">
          <button type="button" className="btn" onClick={() => void copy()}>
            <Icon name={done === "copied" ? "check" : "doc"} />
            {done === "copied" ? <Trans>已复制</Trans> : <Trans>复制</Trans>}
          </button>
          <button type="button" className="btn" onClick={print}>
            <Icon name="print" />
            <Trans>打印回执</Trans>
          </button>
        </div>
        <p className="hint" role="status">
          {done === "copied" && t`查询码已复制`}
          {done === "selected" && t`这个浏览器不让我们复制。查询码已经选中，请右键选“复制”。`}
        </p>
      </div>
    </section>
  );
}

/** Words to read out, as they stand. */
function ReadOut({ receipt }: { receipt: Registration }) {
  const { i18n } = useLingui();
  const by = receipt.expected_by && formatWhen(receipt.expected_by, i18n.locale);
  return (
    <section className="panel" aria-labelledby="receipt-say">
      <h2 className="ph" id="receipt-say">
        <Trans>念给对方听</Trans>
      </h2>
      <div className="pb">
        <p>
          <Trans>您反映的事已经登记，编号{receipt.number}。我再念一遍查询码，请您记下来。</Trans>
        </p>
        <p>
          <Trans>凭查询码可以在网上看进度、补充情况、看答复，别人拿到它也能看，请收好。</Trans>
        </p>
        {by && (
          <p>
            <Trans>最迟{by}给您答复。</Trans>
          </p>
        )}
      </div>
    </section>
  );
}

/** Where the case lies now, and whether the clerk sees it again. */
function Where({ receipt }: { receipt: Registration }) {
  const { i18n } = useLingui();
  const unit = nameIn(i18n.locale, receipt.unit);
  if (receipt.id) {
    return (
      <div className="fld noprint">
        <Note tone="go">
          <Trans>这一件在{unit}，等待受理。</Trans>
        </Note>
      </div>
    );
  }
  return (
    <div className="fld noprint">
      <Note tone="so" icon="lock">
        {receipt.kind === "report" ? (
          <Trans>举报已经直接到教育局纪检督查。您打不开，也查不到；查询码请不要自己留。</Trans>
        ) : (
          <Trans>这一件不在您的管理范围，已经到{unit}，由他们受理、交办。您打不开它。</Trans>
        )}
      </Note>
    </div>
  );
}
