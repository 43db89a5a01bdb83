import { useLingui } from "@lingui/react/macro";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { useEffect } from "react";
import { Icon, type IconName } from "./Icon";

/** A separator that screen readers skip. */
export const Dot = () => <i className="dot" aria-hidden="true" />;

export type Tone = "so" | "la" | "go" | "br" | "";

const noteIcons: Record<Tone, IconName> = { so: "warn", la: "warn", go: "ok", br: "info", "": "info" };

/** Something said in the page. `live` is read out when it appears. */
export function Note({ tone = "", live, children, icon }: NoteProps) {
  return (
    <div className={`note ${tone}`} role={live}>
      <Icon name={icon ?? noteIcons[tone]} />
      <div>{children}</div>
    </div>
  );
}

interface NoteProps {
  tone?: Tone;
  live?: "status" | "alert";
  icon?: IconName;
  children: ReactNode;
}

/** The head of a page; its words are the window's title too. */
export function Title({ name, aside, children }: { name: string; aside?: ReactNode; children?: ReactNode }) {
  useDocumentTitle(name);
  return (
    <div className="title">
      <h1>{name}</h1>
      {aside && <span className="m">{aside}</span>}
      <span className="sp" />
      {children}
    </div>
  );
}

export function useDocumentTitle(name: string) {
  const { t } = useLingui();
  const full = t`${name} · 亮诺`;
  useEffect(() => {
    document.title = full;
  }, [full]);
}

/** The first letter of a name stands for the person. */
export function Avatar({ name, quiet = false, small = false }: AvatarProps) {
  return (
    <span className={`av${quiet ? " g" : ""}${small ? " s" : ""}`} aria-hidden="true">
      {name.slice(0, 1)}
    </span>
  );
}

interface AvatarProps {
  name: string;
  quiet?: boolean;
  small?: boolean;
}

interface BusyButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  isBusy: boolean;
}

/** A button that can't be pressed twice: while it works it is busy and says so. */
export function BusyButton({ isBusy, children, disabled, ...rest }: BusyButtonProps) {
  return (
    <button type="button" {...rest} disabled={disabled || isBusy} aria-busy={isBusy}>
      {isBusy && <span className="spin" aria-hidden="true" />}
      {children}
    </button>
  );
}

/** Grey lines in the place of what is being fetched, so that nothing jumps. */
export function Skeleton({ lines = 6, label }: { lines?: number; label: string }) {
  return (
    <div role="status" aria-label={label} style={{ display: "grid", gap: 22, padding: "16px 0" }}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without identity
        <i key={line} className="skel" style={{ width: `${88 - ((line * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

/** What will appear here, how it comes about, and the one action that starts it. */
export function Empty({ title, isPage = false, children, steps, action }: EmptyProps) {
  const Head = isPage ? "h1" : "h2";
  return (
    <div className="empty">
      {steps && (
        <ol className="path">
          {steps.map((step, index) => (
            <li key={step}>
              <i>{index + 1}</i>
              {step}
            </li>
          ))}
        </ol>
      )}
      <Head>{title}</Head>
      <p>{children}</p>
      {action && <div className="row">{action}</div>}
    </div>
  );
}

interface EmptyProps {
  title: string;
  /** It is all that the page has: its words are the page's heading. */
  isPage?: boolean;
  children: ReactNode;
  steps?: string[];
  action?: ReactNode;
}
