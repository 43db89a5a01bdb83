import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer } from "antd";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { $api } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { Skeleton } from "../shared/parts";
import { useIsPhone, useMedia } from "../shared/useMedia";
import { type Line, useFacts } from "./facts";
import { type LogFilters, logLink } from "./filters";
import { useActor, useSubject } from "./subject";
import type { LogEvent } from "./useLog";
import { actionWords } from "./words";

interface EventPanelProps {
  id: string;
  /** The event, if it stands in the list beside. */
  known: LogEvent | undefined;
  /** The list has come or failed: what is not in it is fetched by itself. */
  isListed: boolean;
  onClose: () => void;
}

/** One event with everything that the log says of it: beside the list where there is room, else over it. */
export function EventPanel({ id, known, isListed, onClose }: EventPanelProps) {
  const { t } = useLingui();
  const isPhone = useIsPhone();
  const isBeside = useMedia("(min-width: 1200px)");
  const fetched = $api.useQuery(
    "get",
    "/api/v1/events/{event_id}",
    { params: { path: { event_id: id } } },
    { enabled: isListed && known === undefined },
  );
  const event = known ?? fetched.data;
  const content = event ? (
    <Detail event={event} />
  ) : fetched.error ? (
    <ErrorNotice error={fetched.error} retry={() => void fetched.refetch()} />
  ) : (
    <Skeleton lines={5} label={t`正在取这一条`} />
  );
  if (isBeside) {
    return (
      <Beside title={<What event={event} />} onClose={onClose}>
        {content}
      </Beside>
    );
  }
  return (
    <Drawer
      open
      rootClassName="open-event"
      onClose={onClose}
      title={<What event={event} />}
      size={isPhone ? "100%" : 440}
    >
      {content}
    </Drawer>
  );
}

function What({ event }: { event: LogEvent | undefined }) {
  const { t } = useLingui();
  if (!event) return <Trans>事件</Trans>;
  return <>{t(actionWords[event.action] ?? { id: event.action, message: event.action })}</>;
}

function Beside({
  title,
  onClose,
  children,
}: {
  title: React.ReactNode;
  onClose: () => void;
  children: React.ReactNode;
}) {
  const { t } = useLingui();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus({ preventScroll: true }), []);
  return (
    <aside className="panel beside" aria-label={t`事件详情`}>
      <div className="ph">
        <h2 ref={head} tabIndex={-1}>
          {title}
        </h2>
        <span className="sp" />
        <button type="button" className="ib" aria-label={t`关闭`} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="pb">{children}</div>
    </aside>
  );
}

function Detail({ event }: { event: LogEvent }) {
  const { t, i18n } = useLingui();
  const subject = useSubject()(event);
  const who = useActor()(event);
  const lines = useFacts()(event);
  const what = t(actionWords[event.action] ?? { id: event.action, message: event.action });
  const moment = formatWhen(event.at ?? event.on, i18n.locale);
  return (
    <>
      <p className="said">
        <Trans>
          {who} {what}，{subject.to ? <Link to={subject.to}>{subject.label}</Link> : subject.label}
        </Trans>
      </p>
      <dl className="told">
        <dt>{t`时间`}</dt>
        <dd>{moment}</dd>
        {event.acting_for && (
          <>
            <dt>{t({ message: "代谁", context: "log" })}</dt>
            <dd>{nameIn(i18n.locale, event.acting_for)}</dd>
          </>
        )}
        {event.unit && (
          <>
            <dt>{t`单位`}</dt>
            <dd>{nameIn(i18n.locale, event.unit)}</dd>
          </>
        )}
        {lines.map((line) => (
          <FactLine key={line.name} line={line} />
        ))}
        <dt>{t`事件编号`}</dt>
        <dd className="mono">{event.id}</dd>
      </dl>
      {event.by_kind === "complainant" && (
        <p className="hint">
          <Trans>公众做的事只记日期，不记几点，也不按先后排列。</Trans>
        </p>
      )}
      {!event.is_told_all && event.subject.kind === "complaints" && (
        <p className="hint">
          <Trans>审计看得到谁在什么时候对哪一件做了什么，看不到办件的编号和内容。</Trans>
        </p>
      )}
      <Narrowing event={event} />
    </>
  );
}

function FactLine({ line }: { line: Line }) {
  const { t } = useLingui();
  const after = line.values.join(t`、`);
  return (
    <>
      <dt>{line.label}</dt>
      <dd className="pre">
        {line.before !== undefined && (
          <>
            <s className="m">{line.before}</s> <span className="vh">{t`改为`}</span>
            <Icon name="right" small />{" "}
          </>
        )}
        {line.to ? <Link to={line.to}>{after}</Link> : after}
      </dd>
    </>
  );
}

/** From one event to everything of the same thing or by the same hand. */
function Narrowing({ event }: { event: LogEvent }) {
  const { t } = useLingui();
  const ways: [string, LogFilters][] = [[t`只看这个对象的`, { subject_id: event.subject.id }]];
  if (event.by) ways.push([t`只看这个人做的`, { actor_id: event.by.id }]);
  if (event.acting_for) ways.push([t`只看代这个人做的`, { acting_for_id: event.acting_for.id }]);
  ways.push([t`只看这种动作`, { action: [event.action] }]);
  return (
    <p className="ways">
      {ways.map(([label, filters]) => (
        <Link key={label} className="btn sm" to={logLink(filters)}>
          {label}
        </Link>
      ))}
    </p>
  );
}
