import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { formatNumber } from "../../shared/format";
import { ErrorNotice } from "../shared/ErrorNotice";
import { useHotkeys } from "../shared/hotkeys";
import { Icon } from "../shared/Icon";
import { Empty, Skeleton, Title } from "../shared/parts";
import { useIsPhone } from "../shared/useMedia";
import { EventCards } from "./EventCards";
import { EventFilters } from "./EventFilters";
import { EventPanel } from "./EventPanel";
import { EventTable } from "./EventTable";
import { LogExportMenu } from "./LogExportMenu";
import { Seal } from "./Seal";
import { type Log, type LogEvent, useLog } from "./useLog";

/** Everything that happened, and who did it. */
export default function EventsPage() {
  const { t } = useLingui();
  const log = useLog();
  const isPhone = useIsPhone();
  const { data, error, refetch } = log.result;
  const items = data?.items ?? [];
  const current = useCurrentRow(log, items);
  const list = useFocusBack(log.opened);
  return (
    <>
      <Title name={t`事件日志`} aside={t`记下的事只增不改`} />
      <Seal>
        <LogExportMenu filters={log.filters} order={log.order} />
      </Seal>
      <EventFilters filters={log.filters} items={items} onApply={log.apply} />
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton label={t`正在取日志`} lines={12} />}
      <div className={log.opened ? "split" : undefined}>
        <div ref={list}>
          {data && items.length === 0 && <NoEvents isFiltered={Object.keys(log.filters).length > 0} />}
          {items.length > 0 &&
            (isPhone ? (
              <EventCards log={log} items={items} />
            ) : (
              <EventTable log={log} items={items} current={current} />
            ))}
          {items.length > 0 && <Pager log={log} />}
        </div>
        {log.opened && (
          <EventPanel
            id={log.opened}
            known={items.find(({ id }) => id === log.opened)}
            isListed={!log.result.isFetching}
            onClose={() => void log.open(undefined)}
          />
        )}
      </div>
    </>
  );
}

/** j and k move a mark through the rows, Enter opens the marked one, Escape closes it. What is open follows the mark. */
function useCurrentRow(log: Log, items: LogEvent[]) {
  const [mark, setMark] = useState({ list: "", row: -1 });
  // Another list begins without a mark, or where it is open.
  const list = items[0]?.id ?? "";
  const opened = items.findIndex(({ id }) => id === log.opened);
  const current = opened >= 0 ? opened : mark.list === list ? mark.row : -1;
  const go = (row: number) => {
    setMark({ list, row });
    const event = items[row];
    if (log.opened && event) log.open(event.id);
  };
  const open = () => log.open(items[current]?.id);
  const close = () => log.open(undefined);
  useHotkeys({
    j: () => go(Math.min(items.length - 1, current + 1)),
    k: () => go(Math.max(0, current - 1)),
    ...(current >= 0 ? { Enter: open, o: open } : {}),
    ...(log.opened ? { Escape: close } : {}),
  });
  return current;
}

/**
 * When the event that was open closes, the focus goes to its row: the one that was opened, or the one that the keys went on
 * to. Whoever has gone elsewhere meanwhile, such as into the search, stays there.
 */
function useFocusBack(opened: string | undefined) {
  const list = useRef<HTMLDivElement>(null);
  const last = useRef(opened);
  useEffect(() => {
    const closed = opened ? undefined : last.current;
    last.current = opened;
    if (!closed || (document.activeElement && document.activeElement !== document.body)) return;
    list.current?.querySelector<HTMLElement>(`[data-event="${closed}"]`)?.focus({ preventScroll: true });
  }, [opened]);
  return list;
}

function Pager({ log }: { log: Log }) {
  const { t, i18n } = useLingui();
  const { data } = log.result;
  const items = data?.items ?? [];
  const number = (value: number) => formatNumber(value, i18n.locale);
  const total = data?.total == null ? "" : `${number(data.total)}${data.total_is_capped ? "+" : ""}`;
  const from = log.offset === null ? null : number(log.offset + 1);
  const to = number((log.offset ?? 0) + items.length);
  return (
    <div className="pager told-in-print">
      <span className="keys desk" aria-hidden="true">
        <span>
          <kbd>J</kbd>
          <kbd>K</kbd>
          <Trans>上下</Trans>
        </span>
        <span>
          <kbd>Enter</kbd>
          <Trans>打开</Trans>
        </span>
        <span>
          <kbd>Esc</kbd>
          <Trans>关闭</Trans>
        </span>
        <span>
          <kbd>/</kbd>
          <Trans>搜索</Trans>
        </span>
      </span>
      <span className="sp desk" />
      <button type="button" className="btn sm" disabled={!log.previousPage} onClick={log.previousPage}>
        <Icon name="left" small />
        <Trans>上一页</Trans>
      </button>
      <span role="status">
        {from === null ? (
          <Trans>共{total}条</Trans>
        ) : (
          <Trans>
            第{from}–{to}条，共{total}条
          </Trans>
        )}
      </span>
      <button
        type="button"
        className="btn sm"
        disabled={!log.nextPage}
        onClick={log.nextPage}
        aria-label={t`下一页`}
      >
        <Trans>下一页</Trans>
        <Icon name="right" small />
      </button>
    </div>
  );
}

function NoEvents({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useLingui();
  if (isFiltered) {
    return (
      <Empty
        title={t`没有符合这些条件的事件`}
        action={
          <Link className="btn lg" to="/events">
            <Trans>看全部日志</Trans>
          </Link>
        }
      >
        <Trans>少选一个条件，或者换一段日期再看。编号和姓名要写全。</Trans>
      </Empty>
    );
  }
  return (
    <Empty title={t`还没有事件`}>
      <Trans>
        有人受理、交办、答复、查阅办件，或者改了设置、单位和成员，都会记在这里，谁也改不了、删不掉。
      </Trans>
    </Empty>
  );
}
