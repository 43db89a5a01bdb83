import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer } from "antd";
import { Suspense, useEffect, useRef, useState } from "react";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { AlarmBanner } from "../notices/AlarmBanner";
import { AccountNotices } from "../second-factor/AccountNotices";
import { useHotkeys } from "../shared/hotkeys";
import { Icon, Logo } from "../shared/Icon";
import { useMay, useMe } from "../shared/me";
import { Skeleton } from "../shared/parts";
import { useMedia } from "../shared/useMedia";
import { Header } from "./Header";
import { IdleGuard } from "./IdleGuard";
import { KeyHelp } from "./KeyHelp";
import { PasswordDue } from "./PasswordDue";
import { SideMenu } from "./SideMenu";
import { useIsOffline } from "./useIsOffline";

const CASE_PAGE = /^\/complaints\/[^/]+/;

/** The frame of every page behind the sign-in. */
export function Shell() {
  const { t } = useLingui();
  const me = useMe();
  const { pathname } = useLocation();
  const isNarrow = useMedia("(max-width: 1023px)");
  const isMini = isNarrow || CASE_PAGE.test(pathname);
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const main = useFocusOnNavigation(pathname);
  const navigate = useNavigate();
  const may = useMay();
  const mayRegister = may("complaints.register");
  const mayList = may("complaints.list");
  useHotkeys({
    "?": () => setHelpOpen(true),
    ...(mayRegister ? { n: () => void navigate("/register") } : {}),
  });
  if (!me) return null;
  return (
    <div className={isMini ? "app mini" : "app"}>
      <a className="skip" href="#main">
        <Trans>跳到正文</Trans>
      </a>
      <div className="side">
        <div>
          <Brand />
          <SideMenu isMini={isMini} />
        </div>
      </div>
      <Header me={me} onMenu={() => setDrawerOpen(true)} onHelp={() => setHelpOpen(true)} />
      <div>
        <OfflineBanner />
        {mayList && <AlarmBanner />}
        <AccountNotices notices={me.account_notices} />
        <PasswordDue dueAt={me.password_due_at} />
        <main className="main" id="main" ref={main} tabIndex={-1}>
          <Suspense fallback={<Skeleton label={t`正在打开`} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Drawer
        open={isDrawerOpen}
        onClose={() => setDrawerOpen(false)}
        placement="left"
        size={272}
        title={t`亮诺工作台`}
        rootClassName="drawer"
        styles={{ body: { padding: 0, background: "var(--tint)" } }}
      >
        <SideMenu isMini={false} onPick={() => setDrawerOpen(false)} />
      </Drawer>
      <IdleGuard />
      <KeyHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

function Brand() {
  const { t } = useLingui();
  return (
    <Link to="/" className="logo" aria-label={t`亮诺，回到我的工作`}>
      <Logo />
      <b>
        <Trans>亮诺</Trans>
      </b>
    </Link>
  );
}

/** A new page starts at its head, for the eye and for the screen reader. */
function useFocusOnNavigation(pathname: string) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    globalThis.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}

function OfflineBanner() {
  if (!useIsOffline()) return null;
  return (
    <div className="banner" role="status">
      <Icon name="warn" />
      <Trans>网络断了。您写的存在这台设备上，连上以后可以接着做。</Trans>
    </div>
  );
}
