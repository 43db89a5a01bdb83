import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import type { Schemas } from "../../../api/client";
import { formatNumber } from "../../../shared/format";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { ExportMenu } from "../../shared/ExportMenu";
import { queueLink, writeFilters } from "../../shared/filters";
import { useHotkeys } from "../../shared/hotkeys";
import { Icon } from "../../shared/Icon";
import { useLocal } from "../../shared/local";
import { useMay, useMe } from "../../shared/me";
import { Empty, Skeleton, Title } from "../../shared/parts";
import { OPEN } from "../../shared/states";
import { idsOf, keepTrail } from "../../shared/trail";
import { useIsPhone } from "../../shared/useMedia";
import { BulkBar } from "./BulkBar";
import { COLUMNS_KEY, DEFAULT_COLUMNS } from "./columns";
import { FilterBar } from "./FilterBar";
import { FindByPhone } from "./FindByPhone";
import { QueueCards } from "./QueueCards";
import { QueueTable } from "./QueueTable";
import { useQueue } from "./useQueue";
import { type Selection, useSelection } from "./useSelection";
import { ViewTabs } from "./ViewTabs";

export default function QueuePage() {
  const { t } = useLingui();
  const queue = useQueue();
  const { pathname, search } = useLocation();
  const isPhone = useIsPhone();
  const [shown, setShown] = useLocal<string[]>(COLUMNS_KEY, DEFAULT_COLUMNS);
  const { data, error, isPlaceholderData, refetch } = queue.result;
  const items = data?.items ?? [];
  const keep = () =>
    keepTrail({
      back: `${pathname}${search}`,
      ids: idsOf(items),
      offset: queue.offset ?? 0,
      total: queue.offset === null ? null : (data?.total ?? null),
    });
  const all = useSelection(writeFilters(queue.filters, queue.sort).toString(), items);
  const selection = useMayAssign() ? all : undefined;
  const current = useCurrentRow(items, keep, selection);
  return (
    <>
      <Title name={t`投诉与建议`}>
        {!isPhone && (
          <ExportMenu
            path="/api/v1/complaints/export"
            name={t`办件`}
            query={{ ...queue.filters, sort: queue.sort }}
          />
        )}
        <FindByPhone />
        <RegisterLink />
      </Title>
      <ViewTabs filters={queue.filters} />
      <FilterBar
        filters={queue.filters}
        sort={queue.sort}
        shown={shown}
        onApply={queue.apply}
        onSort={queue.sortBy}
        onShow={setShown}
      />
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton label={t`正在取办件`} lines={12} />}
      {data && items.length === 0 && <NoItems isFiltered={Object.keys(queue.filters).length > 0} />}
      {items.length > 0 &&
        (isPhone ? (
          <QueueCards items={items} selection={selection} onOpen={keep} />
        ) : (
          <QueueTable
            items={items}
            shown={shown}
            current={current}
            sort={queue.sort}
            isOld={isPlaceholderData}
            selection={selection}
            onSort={queue.sortBy}
            onOpen={keep}
          />
        ))}
      {items.length > 0 && <Pager queue={queue} isTickable={selection !== undefined} />}
      {selection && <BulkBar selection={selection} />}
    </>
  );
}

function RegisterLink() {
  if (!useMay()("complaints.register")) return null;
  return (
    <Link className="btn p" to="/register">
      <Icon name="plus" />
      <Trans>登记来电来访</Trans>
    </Link>
  );
}

/** The list does not say what may be done with each; these roles assign, and the server decides on each case. */
const ASSIGNERS = ["unit_head", "campaign_office", "inspector"];

function useMayAssign(): boolean {
  const roles: string[] = useMe()?.roles ?? [];
  return roles.some((role) => ASSIGNERS.includes(role));
}

/** j and k move a mark through the rows, Enter opens the marked one, x ticks it. */
function useCurrentRow(
  items: Schemas["ComplaintSummary"][],
  keep: () => void,
  selection: Selection | undefined,
) {
  const navigate = useNavigate();
  const [mark, setMark] = useState({ list: "", row: -1 });
  // Another list begins without a mark.
  const list = items[0]?.id ?? "";
  const current = mark.list === list ? mark.row : -1;
  const open = () => {
    const item = items[current];
    if (!item) return;
    keep();
    navigate(`/complaints/${item.id}`);
  };
  const tick = () => {
    const item = items[current];
    if (item && (selection?.ids.has(item.id) || !selection?.isFull)) selection?.toggle(item);
  };
  useHotkeys({
    ...(selection && current >= 0 ? { x: tick } : {}),
    j: () => setMark({ list, row: Math.min(items.length - 1, current + 1) }),
    k: () => setMark({ list, row: Math.max(0, current - 1) }),
    ...(current >= 0 ? { Enter: open, o: open } : {}),
  });
  return current;
}

/** So many come in one piece when sorted by relevance, and no more. */
const MOST_RELEVANT = 200;

function Pager({ queue, isTickable }: { queue: ReturnType<typeof useQueue>; isTickable: boolean }) {
  const { t, i18n } = useLingui();
  const { data } = queue.result;
  const items = data?.items ?? [];
  const number = (value: number) => formatNumber(value, i18n.locale);
  const total = data?.total == null ? "" : `${number(data.total)}${data.total_is_capped ? "+" : ""}`;
  const from = queue.offset === null ? null : number(queue.offset + 1);
  const to = number((queue.offset ?? 0) + items.length);
  return (
    <div className="pager">
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
        {isTickable && (
          <span>
            <kbd>X</kbd>
            <Trans>选中</Trans>
          </span>
        )}
        <span>
          <kbd>/</kbd>
          <Trans>搜索</Trans>
        </span>
        <span>
          <kbd>?</kbd>
          <Trans>全部按键</Trans>
        </span>
      </span>
      <span className="sp desk" />
      <button type="button" className="btn sm" disabled={!queue.previousPage} onClick={queue.previousPage}>
        <Icon name="left" small />
        <Trans>上一页</Trans>
      </button>
      <span role="status">
        {queue.sort === "relevance" && items.length >= MOST_RELEVANT ? (
          <Trans>最相关的{total}件；要看全部，请按收到或到期排</Trans>
        ) : from === null ? (
          <Trans>共{total}件</Trans>
        ) : (
          <Trans>
            第{from}–{to}件，共{total}件
          </Trans>
        )}
      </span>
      <button
        type="button"
        className="btn sm"
        disabled={!queue.nextPage}
        onClick={queue.nextPage}
        aria-label={t`下一页`}
      >
        <Trans>下一页</Trans>
        <Icon name="right" small />
      </button>
    </div>
  );
}

function NoItems({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useLingui();
  const may = useMay();
  if (isFiltered) {
    return (
      <Empty
        title={t`没有符合这些条件的件`}
        action={
          <Link className="btn lg" to={queueLink({ state: OPEN }, {}, "due_at")}>
            <Trans>看未办结的</Trans>
          </Link>
        }
      >
        <Trans>少选一个条件，或者清除筛选再看。</Trans>
      </Empty>
    );
  }
  return (
    <Empty
      title={t`这里还没有件`}
      steps={[t`收到`, t`受理`, t`交办`, t`答复`, t`评价`]}
      action={
        may("complaints.import") && (
          <Link className="btn p lg" to="/imports/new">
            <Trans>导入第一份台账</Trans>
          </Link>
        )
      }
    >
      <Trans>家长和群众在公开页提的投诉、建议、咨询和表扬会到这里，已有的台账也可以导入。</Trans>
    </Empty>
  );
}
