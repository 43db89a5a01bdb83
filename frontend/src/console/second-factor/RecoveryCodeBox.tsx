import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";
import { copyText } from "../../shared/copyText";
import { Icon } from "../shared/Icon";

interface RecoveryCodeBoxProps {
  codes: string[];
  /** They are shown once; then they are gone. */
  onKept: () => void;
}

/** The codes for the day on which the telephone is lost. They stand here now, and never again. */
export function RecoveryCodeBox({ codes, onKept }: RecoveryCodeBoxProps) {
  const { t } = useLingui();
  const list = useRef<HTMLOListElement>(null);
  const [done, setDone] = useState<"copied" | "selected" | null>(null);
  const copy = async () => setDone((await copyText(codes.join("\n"), list.current)) ? "copied" : "selected");
  return (
    <section className="recovery-codes" aria-labelledby="recovery-codes">
      <h2 id="recovery-codes">
        <Trans>请存好这些恢复码</Trans>
      </h2>
      <p>
        <Trans>
          手机丢了或不在身边时，用其中一个代替验证码登录，每个只能用一次。现在只显示这一次：抄下来或打印出来，和证件放在一起，不要拍照存在手机里。
        </Trans>
      </p>
      <ol ref={list}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="row wrap noprint">
        <button type="button" className="btn" onClick={() => void copy()}>
          <Icon name={done === "copied" ? "check" : "doc"} />
          {done === "copied" ? <Trans>已复制</Trans> : <Trans>复制</Trans>}
        </button>
        <button type="button" className="btn" onClick={print}>
          <Icon name="print" />
          <Trans>打印</Trans>
        </button>
      </div>
      <p className="m xs noprint" role="status">
        {done === "copied" && t`恢复码已复制`}
        {done === "selected" && t`这个浏览器不让我们复制。恢复码已经选中，请右键选“复制”。`}
      </p>
      <button type="button" className="btn p noprint" onClick={onKept}>
        <Trans>我已经存好了</Trans>
      </button>
    </section>
  );
}

/** The codes alone go on paper, not the page around them. */
function print() {
  const page = document.documentElement;
  page.classList.add("codes-only");
  globalThis.addEventListener("afterprint", () => page.classList.remove("codes-only"), { once: true });
  globalThis.print();
}
