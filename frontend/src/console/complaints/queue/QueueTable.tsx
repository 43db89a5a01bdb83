import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import type { Sort } from "../../shared/filters";
import { Icon } from "../../shared/Icon";
import { Marks } from "../../shared/Marks";
import { useMedia } from "../../shared/useMedia";
import { type Column, columns } from "./columns";
import { PageCheck, RowCheck } from "./RowCheck";
import type { Selection } from "./useSelection";

/** These make room where there is too little: the case itself says them too. */
const ROOMY_ONLY = new Set(["kind", "channel"]);
const WIDE_ONLY = new Set([...ROOMY_ONLY, "handler", "received", "due"]);

interface QueueTableProps {
  items: Schemas["ComplaintSummary"][];
  shown: string[];
  current: number;
  sort: Sort;
  isOld: boolean;
  /** Where the caller can do something with many at once. */
  selection?: Selection;
  onSort: (sort: Sort) => void;
  onOpen: () => void;
}

export function QueueTable(props: QueueTableProps) {
  const { items, shown, current, sort, isOld, selection, onSort, onOpen } = props;
  const { t, i18n } = useLingui();
  const language = i18n.locale === "en" ? 1 : 0;
  const isNarrow = useMedia("(max-width: 1023px)");
  const isTight = useMedia("(max-width: 1365px)");
  const left = isNarrow ? WIDE_ONLY : isTight ? ROOMY_ONLY : null;
  const visible = columns.filter(({ id }) => shown.includes(id) && !left?.has(id));
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    body.current?.rows[current]?.scrollIntoView?.({ block: "nearest" });
  }, [current]);
  return (
    <table className="tbl sticky" aria-busy={isOld} style={{ opacity: isOld ? 0.6 : 1 }}>
      <colgroup>
        {selection && <col style={{ width: 40 }} />}
        <col style={{ width: 128 }} />
        <col />
        {visible.map(({ id, width }) => (
          <col key={id} style={{ width: width[language] }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {selection && (
            <th scope="col">
              <PageCheck selection={selection} />
            </th>
          )}
          <th scope="col">{t`编号`}</th>
          <th scope="col">{t`事由`}</th>
          {visible.map((column) => (
            <Head key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {items.map((item, index) => (
          <tr key={item.id} aria-selected={index === current || undefined}>
            {selection && (
              <td>
                <RowCheck item={item} selection={selection} />
              </td>
            )}
            <td className="m">{item.number}</td>
            <td>
              <Marks item={item} />
              <Link className="go-in" to={`/complaints/${item.id}`} onClick={onOpen} title={item.title}>
                {item.is_sealed && <Icon name="lock" small />}
                {item.title}
              </Link>
            </td>
            {visible.map((column) => (
              <td key={column.id} className={column.isRight ? "r" : undefined}>
                {column.cell(item)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface HeadProps {
  column: Column;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

function Head({ column, sort, onSort }: HeadProps) {
  const { t } = useLingui();
  const label = t(column.label);
  const look = column.isRight ? "r" : undefined;
  if (!column.sorts) {
    return (
      <th scope="col" className={look}>
        {label}
      </th>
    );
  }
  const [up, down] = column.sorts;
  const order = sort === up ? "ascending" : sort === down ? "descending" : undefined;
  return (
    <th scope="col" className={look} aria-sort={order}>
      <button type="button" className="th" onClick={() => onSort(sort === up ? down : up)}>
        {label}
        {order && <Icon name={order === "ascending" ? "up" : "down"} small />}
      </button>
    </th>
  );
}
