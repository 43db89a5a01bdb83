import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect } from "react";
import { Link } from "react-router";
import { Icon } from "./Icon";

/** Names the page in the browser's title bar, in its history and to a screen reader. */
export function usePageTitle(title: string) {
  const { t } = useLingui();
  const full = t`${title} - 亮诺`;
  useEffect(() => {
    document.title = full;
  }, [full]);
}

export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link className="back" to={to}>
      <Icon name="back" />
      {children}
    </Link>
  );
}

/** What the page is about, beside what helps with it: under each other on a phone. */
export function Split({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className="split">
      <div>{children}</div>
      <aside className="aside">{aside}</aside>
    </div>
  );
}

export function Tag({
  tone,
  icon,
  children,
}: {
  tone: "good" | "soon" | "late" | "run" | "none";
  icon: Parameters<typeof Icon>[0]["name"];
  children: ReactNode;
}) {
  return (
    <span className={`tag ${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  );
}
