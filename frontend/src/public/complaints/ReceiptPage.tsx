import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Schemas } from "../../api/client";
import { groupsOf } from "../../shared/codeGroups";
import { copyText } from "../../shared/copyText";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { complaintKindLabels } from "../../shared/labels";
import { When } from "../../shared/When";
import { Icon } from "../common/Icon";
import { Split, usePageTitle } from "../common/Page";
import { handOverCode } from "../common/receiptCode";
import { discardDraft } from "./complain/draft";
import { savePicture } from "./keepCode";
import { forgetReceipt, readReceipt } from "./receipt";

type Receipt = Schemas["ComplaintReceipt"];

export default function ReceiptPage() {
  // Read once: forgetting it on the way out shall not empty the page before it is left.
  const [receipt] = useState(readReceipt);
  useEffect(() => {
    // Not before the code is in sight: until then the draft is what brings it back, by filing the same again.
    if (receipt) discardDraft();
  }, [receipt]);
  return receipt ? <Shown receipt={receipt} /> : <Gone />;
}

function Shown({ receipt }: { receipt: Receipt }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const kind = t(complaintKindLabels[receipt.kind]).toLocaleLowerCase();
  usePageTitle(t`已经收到您的${kind}`);
  const [isKept, setKept] = useState(false);
  useWarningOnLeaving(!isKept);
  const follow = () => {
    handOverCode(receipt.receipt_code);
    forgetReceipt();
    void navigate("/follow");
  };
  return (
    <div className="wrap">
      <Split aside={<Next receipt={receipt} />}>
        <div className="ok-head">
          <Icon name="done" />
          <h1>
            <Trans>已经收到您的{kind}</Trans>
          </h1>
        </div>
        <CodeBox receipt={receipt} onKept={() => setKept(true)} />
        <div className="warn">
          <Icon name="alert" />
          <div>
            <p className="strong">
              <Trans>请现在记下来。离开这一页，就再也看不到它了。</Trans>
            </p>
            <p className="small muted">
              <Trans>查进度、补充、看答复都靠它。我们没有存它的原文，打电话也问不到。</Trans>
            </p>
          </div>
        </div>
        <Details receipt={receipt} />
        <div className="btns stack">
          <button type="button" className="btn primary" onClick={follow}>
            <Trans>我记好了，去看进度</Trans>
          </button>
          <Link className="plain" to="/" onClick={forgetReceipt}>
            <Trans>回首页</Trans>
          </Link>
        </div>
      </Split>
    </div>
  );
}

function CodeBox({ receipt, onKept }: { receipt: Receipt; onKept: () => void }) {
  const { t, i18n } = useLingui();
  const code = useRef<HTMLParagraphElement>(null);
  const [done, setDone] = useState<"copied" | "selected" | "saved" | null>(null);
  const groups = groupsOf(receipt.receipt_code);
  const copy = async () => {
    const isCopied = await copyText(groups.join(" "), code.current);
    setDone(isCopied ? "copied" : "selected");
    if (isCopied) onKept();
  };
  const save = async () => {
    await savePicture({
      heading: t`亮诺查询码`,
      groups,
      lines: [
        t`办理编号：${receipt.number}`,
        t`关于：${nameIn(i18n.locale, receipt.unit)}`,
        t`收到日期：${formatWhen(receipt.received_on, i18n.locale)}`,
        t`谁拿着查询码，谁就能看到这件事，请收好。`,
      ],
      fileName: t`查询码-${receipt.number}.png`,
    });
    setDone("saved");
    onKept();
  };
  return (
    <div className="rcpt">
      <div className="codebox">
        <p>
          <Trans>您的查询码</Trans>
        </p>
        <p className="code" ref={code}>
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups may be alike, and never move.
            <span key={index}>{group} </span>
          ))}
        </p>
        <p>
          <Trans>24位，四个一组。没有字母I、L、O、U，像圆圈的是数字0。</Trans>
        </p>
      </div>
      <div className="tools">
        <button type="button" className={done === "copied" ? "did" : ""} onClick={() => void copy()}>
          <Icon name={done === "copied" ? "check" : "copy"} />
          {done === "copied" ? <Trans>已复制</Trans> : <Trans>复制</Trans>}
        </button>
        <button type="button" className={done === "saved" ? "did" : ""} onClick={() => void save()}>
          <Icon name={done === "saved" ? "check" : "image"} />
          {done === "saved" ? <Trans>已存成图片</Trans> : <Trans>存成图片</Trans>}
        </button>
        <button
          type="button"
          onClick={() => {
            onKept();
            globalThis.print();
          }}
        >
          <Icon name="print" />
          <Trans>打印</Trans>
        </button>
      </div>
      <p className="sr" role="status">
        {done === "copied" && t`查询码已复制`}
        {done === "saved" && t`已存成图片`}
      </p>
      {done === "selected" && (
        <p className="selected" role="status">
          <Trans>这个浏览器不让我们复制。查询码已经选中，请长按或者右键选“复制”。</Trans>
        </p>
      )}
    </div>
  );
}

function Details({ receipt }: { receipt: Receipt }) {
  const { i18n } = useLingui();
  return (
    <dl className="dl">
      <dt>
        <Trans>办理编号</Trans>
      </dt>
      <dd>
        <span className="nb">{receipt.number}</span>
        <span className="line muted">
          <Trans>可以告诉别人，光有编号看不到内容</Trans>
        </span>
      </dd>
      <dt>
        <Trans>关于</Trans>
      </dt>
      <dd>{nameIn(i18n.locale, receipt.unit)}</dd>
      <dt>
        <Trans>收到日期</Trans>
      </dt>
      <dd>
        <When value={receipt.received_on} />
      </dd>
    </dl>
  );
}

function Next({ receipt }: { receipt: Receipt }) {
  const isReport = receipt.kind === "report";
  return (
    <div className="box">
      <h2>
        <Trans>接下来</Trans>
      </h2>
      <ol className="steps small">
        <li>
          <span>
            {isReport ? (
              <Trans>教育局的纪检督查人员看内容。被举报的单位和人看不到。</Trans>
            ) : (
              <Trans>教育局先看内容，分给该办的人。</Trans>
            )}
          </span>
        </li>
        {receipt.expected_by && (
          <li>
            <span>
              <Trans>
                最迟
                <When value={receipt.expected_by} />
                给您答复。
              </Trans>
            </span>
          </li>
        )}
        <li>
          <span>
            <Trans>用查询码随时来看，也可以补充。有了答复，请您评价满不满意。</Trans>
          </span>
        </li>
      </ol>
    </div>
  );
}

function Gone() {
  const { t } = useLingui();
  usePageTitle(t`查询码`);
  return (
    <div className="wrap">
      <div className="col">
        <h1>
          <Trans>查询码只显示一次</Trans>
        </h1>
        <p className="lede">
          <Trans>为了不让别人看到，离开那一页以后我们就不再显示它，也没有存它的原文。</Trans>
        </p>
        <ul className="ways">
          <li>
            <Link to="/follow">
              <Trans>我记下了查询码，去看进度</Trans>
            </Link>
          </li>
          <li>
            <Link to="/complain">
              <Trans>没有记下，再写一次</Trans>
            </Link>
          </li>
        </ul>
      </div>
    </div>
  );
}

/** A tab closed by mistake would take the code with it. */
function useWarningOnLeaving(isNeeded: boolean) {
  useEffect(() => {
    if (!isNeeded) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    globalThis.addEventListener("beforeunload", warn);
    return () => globalThis.removeEventListener("beforeunload", warn);
  }, [isNeeded]);
}
