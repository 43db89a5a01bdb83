import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { nameIn } from "../../shared/i18n";
import { Icon } from "../shared/Icon";
import { Dot } from "../shared/parts";
import { useMedia } from "../shared/useMedia";
import { useGist } from "./facts";
import { Moment } from "./Moment";
import { useActor, useSubject } from "./subject";
import type { Log, LogEvent } from "./useLog";
import { actionWords } from "./words";

interface EventTableProps {
  log: Log;
  items: LogEvent[];
  current: number;
}

/** A row an event: when, who, what, to what, in which unit. */
export function EventTable({ log, items, current }: EventTableProps) {
  const { t, i18n } = useLingui();
  const isWide = useMedia("(min-width: 1024px)") && !log.opened;
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    body.current?.rows[current]?.scrollIntoView?.({ block: "nearest" });
  }, [current]);
  const isOld = log.result.isPlaceholderData;
  const isNewestFirst = log.order === "-at";
  const [when, who] = i18n.locale === "en" ? [172, 132] : [176, 104];
  return (
    <table className="tbl sticky log" aria-busy={isOld} style={{ opacity: isOld ? 0.6 : 1 }}>
      <colgroup>
        <col style={{ width: when }} />
        <col style={{ width: who }} />
        <col />
        <col style={{ width: isWide ? "22%" : "28%" }} />
        {isWide && <col style={{ width: "18%" }} />}
      </colgroup>
      <thead>
        <tr>
          <th scope="col" aria-sort={isNewestFirst ? "descending" : "ascending"}>
            <button type="button" className="th" onClick={() => log.sortBy(isNewestFirst ? "at" : "-at")}>
              {t`时间`}
              <Icon name={isNewestFirst ? "down" : "up"} small />
            </button>
          </th>
          <th scope="col">{t({ message: "谁", context: "log" })}</th>
          <th scope="col">{t`做了什么`}</th>
          <th scope="col">{t({ message: "对象", context: "log" })}</th>
          {isWide && <th scope="col">{t`单位`}</th>}
        </tr>
      </thead>
      <tbody ref={body}>
        {items.map((event, index) => (
          <Row key={event.id} log={log} event={event} isCurrent={index === current} isWide={isWide} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  log: Log;
  event: LogEvent;
  isCurrent: boolean;
  isWide: boolean;
}

function Row({ log, event, isCurrent, isWide }: RowProps) {
  const { t, i18n } = useLingui();
  const subject = useSubject()(event);
  const who = useActor()(event);
  const gist = useGist()(event);
  const isOpen = log.opened === event.id;
  const unit = event.unit ? nameIn(i18n.locale, event.unit) : "";
  return (
    <tr aria-selected={isCurrent || isOpen || undefined}>
      <td className="m">
        <Moment event={event} />
      </td>
      <td title={who}>{who}</td>
      <td>
        <Link
          className="go-in"
          data-event={event.id}
          to={log.addressWith(event.id)}
          state={log.place}
          replace
          preventScrollReset
          aria-current={isOpen || undefined}
        >
          {t(actionWords[event.action] ?? { id: event.action, message: event.action })}
        </Link>
        {gist && (
          <span className="m" title={gist}>
            <Dot />
            {gist}
          </span>
        )}
      </td>
      <td title={subject.label}>
        {subject.to ? <Link to={subject.to}>{subject.label}</Link> : subject.label}
      </td>
      {isWide && (
        <td className="m" title={unit}>
          {unit || "—"}
        </td>
      )}
    </tr>
  );
}
