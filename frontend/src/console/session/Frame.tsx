import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Logo } from "../shared/Icon";
import { LanguageButton } from "../shared/LanguageButton";

/** The frame of the pages that one sees without being signed in. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="au">
      <header>
        <span className="logo">
          <Logo />
          <b>
            <Trans>亮诺</Trans>
          </b>
        </span>
        <span className="m">
          <Trans>工作台</Trans>
        </span>
        <span className="sp" />
        <LanguageButton />
      </header>
      {children}
      <footer>
        <span>
          <Trans>办件、答复、统计的内部工作台</Trans>
        </span>
        <a href="/">
          <Trans>家长和群众请到公开页</Trans>
        </a>
      </footer>
    </div>
  );
}
