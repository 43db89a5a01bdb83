import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { Dot } from "../shared/parts";
import { useGist } from "./facts";
import { Moment } from "./Moment";
import { useActor, useSubject } from "./subject";
import type { Log, LogEvent } from "./useLog";
import { actionWords } from "./words";

/** On a phone a row is a card. */
export function EventCards({ log, items }: { log: Log; items: LogEvent[] }) {
  return (
    <ul>
      {items.map((event) => (
        <li key={event.id}>
          <Card log={log} event={event} />
        </li>
      ))}
    </ul>
  );
}

function Card({ log, event }: { log: Log; event: LogEvent }) {
  const { t } = useLingui();
  const subject = useSubject()(event);
  const who = useActor()(event);
  const gist = useGist()(event);
  return (
    <Link
      className="card"
      data-event={event.id}
      to={log.addressWith(event.id)}
      state={log.place}
      replace
      preventScrollReset
    >
      <span className="row xs m">
        <Moment event={event} />
        <span className="sp" />
        <span className="ell">{who}</span>
      </span>
      <b>{t(actionWords[event.action] ?? { id: event.action, message: event.action })}</b>
      <span className="row xs m">
        <span className="ell">{subject.label}</span>
        {gist && (
          <>
            <Dot />
            <span className="ell">{gist}</span>
          </>
        )}
      </span>
    </Link>
  );
}
