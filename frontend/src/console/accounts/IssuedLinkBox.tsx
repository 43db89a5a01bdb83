import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";
import { copyText } from "../../shared/copyText";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { Icon } from "../shared/Icon";
import type { IssuedLink } from "./useAccount";
import { linkWords } from "./words";

/** The address behind which somebody sets a password; the token stands after the #, which no server is told. */
const addressOf = (token: string) => `${globalThis.location.origin}/console/account-link#token=${token}`;

/** The link that was issued just now. It stands here and nowhere else. */
export function IssuedLinkBox({ link }: { link: IssuedLink }) {
  const { t, i18n } = useLingui();
  const text = useRef<HTMLParagraphElement>(null);
  const [done, setDone] = useState<"copied" | "selected" | null>(null);
  const name = nameIn(i18n.locale, link.member);
  const until = formatWhen(link.expires_at, i18n.locale);
  const copy = async () =>
    setDone((await copyText(addressOf(link.token), text.current)) ? "copied" : "selected");
  return (
    <section className="panel" aria-labelledby="issued-link">
      <h2 className="ph" id="issued-link">
        <Trans>
          给{name}的{t(linkWords[link.kind])}
        </Trans>
      </h2>
      <div className="pb">
        <p className="link-text" ref={text}>
          {addressOf(link.token)}
        </p>
        <div className="row">
          <button type="button" className="btn" onClick={() => void copy()}>
            <Icon name={done === "copied" ? "check" : "doc"} />
            {done === "copied" ? <Trans>已复制</Trans> : <Trans>复制</Trans>}
          </button>
        </div>
        <p className="m xs" role="status">
          {done === "copied" && t`链接已复制`}
          {done === "selected" && t`这个浏览器不让我们复制。链接已经选中，请右键选“复制”。`}
        </p>
        <p>
          <Trans>
            请当面或用可靠的办法交给{name}本人，{until}
            前有效。谁拿到它，谁就能用。关掉这一栏就再也看不到了；丢了可以换一个新的。
          </Trans>
        </p>
      </div>
    </section>
  );
}
