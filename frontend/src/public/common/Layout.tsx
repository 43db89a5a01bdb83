import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { type Locale, nameIn, switchLocale } from "../../shared/i18n";
import { storage } from "../../shared/storage";
import { loadMessages } from "../messages";
import { useRegion } from "./queries";

const LARGE = "liangnuo.large-type";

export function Layout({ children }: { children: ReactNode }) {
  const { i18n } = useLingui();
  const region = useRegion();
  const regionName = region ? nameIn(i18n.locale, region) : "";
  return (
    <>
      <a className="skip" href="#main">
        <Trans>跳到正文</Trans>
      </a>
      <header className="mast">
        <div className="wrap">
          <Link className="name" to="/">
            <Mark />
            <Trans>亮诺</Trans> {regionName && <i>{regionName}</i>}
          </Link>
          <Reading />
        </div>
      </header>
      <Main>{children}</Main>
      <footer className="foot">
        <div className="wrap">
          <ul>
            <li>
              <Link to="/help#figures">
                <Trans>数字怎么统计</Trans>
              </Link>
            </li>
            <li>
              <Link to="/help#privacy">
                <Trans>谁能看到您的信息</Trans>
              </Link>
            </li>
            <li>
              <Link to="/help#access">
                <Trans>看不清、用不了怎么办</Trans>
              </Link>
            </li>
          </ul>
          {region && (
            <p>
              {regionName}{" "}
              {region.hotline && (
                <span className="nb">
                  <Trans>
                    电话 <a href={`tel:${region.hotline}`}>{region.hotline}</a>
                  </Trans>
                </span>
              )}
            </p>
          )}
        </div>
      </footer>
    </>
  );
}

/** A new page begins at its top, for the eyes and for a screen reader; the first one of a visit is left alone. */
function Main({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    globalThis.scrollTo?.(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <main id="main" tabIndex={-1} ref={main}>
      {children}
    </main>
  );
}

/** Larger type, and the other language. */
function Reading() {
  const { i18n, t } = useLingui();
  const [isLarge, setLarge] = useState(() => storage.get(LARGE) === "1");
  useEffect(() => {
    if (isLarge) document.documentElement.dataset.type = "large";
    else delete document.documentElement.dataset.type;
  }, [isLarge]);
  const other: Locale = i18n.locale === "en" ? "zh-CN" : "en";
  return (
    <nav aria-label={t`显示方式`}>
      <button
        type="button"
        aria-pressed={isLarge}
        onClick={() => {
          storage.set(LARGE, isLarge ? "0" : "1");
          setLarge(!isLarge);
        }}
      >
        <Trans>大字</Trans>
      </button>
      <button type="button" lang={other} onClick={() => void switchLocale(other, loadMessages)}>
        {other === "en" ? "English" : "中文"}
      </button>
    </nav>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="6" fill="currentColor" className="mark" />
      <path
        d="M7.5 14.5 12 19l8.5-10"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
