import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { complaintKindLabels } from "../../../shared/labels";
import { DueChip } from "../../shared/DueChip";
import { channelWords, wordFor } from "../../shared/labels";
import { Status } from "../../shared/Status";
import { ShortDay } from "./ShortDay";

type Item = Schemas["ComplaintSummary"];

export interface Column {
  id: string;
  label: MessageDescriptor;
  /** Pixels in Chinese and in English, whose words are longer. The title gets what is left. */
  width: [number, number];
  isRight?: boolean;
  /** Sorts by it, ascending and descending. */
  sorts?: ["due_at", "-due_at"] | ["received_at", "-received_at"];
  cell: (item: Item) => ReactNode;
}

function Kind({ item }: { item: Item }) {
  const { t } = useLingui();
  return <span className="m">{t(wordFor(complaintKindLabels, item.kind))}</span>;
}

function Channel({ item }: { item: Item }) {
  const { t } = useLingui();
  return <span className="m">{t(wordFor(channelWords, item.channel))}</span>;
}

export function UnitName({ unit }: { unit: Schemas["UnitRef"] }) {
  const { i18n } = useLingui();
  const name = nameIn(i18n.locale, unit);
  return <span title={name}>{name}</span>;
}

export function Handler({ item }: { item: Item }) {
  const { t, i18n } = useLingui();
  return item.handler ? (
    <span>{nameIn(i18n.locale, item.handler)}</span>
  ) : (
    <span className="m">{t`未指定`}</span>
  );
}

function DueOn({ item }: { item: Item }) {
  const { t } = useLingui();
  if (!item.due_on || item.phase === "none") return <span className="m">—</span>;
  return (
    <span className="m">
      {item.due_is_provisional && (
        <abbr className="soon" title={t`明年的放假安排公布前是暂定的`}>
          {t({ message: "暂定", context: "before a day" })}{" "}
        </abbr>
      )}
      <ShortDay value={item.due_on} />
    </span>
  );
}

/** Beside the number and the title, which always show. In the order in which they go when there is too little room. */
export const columns: Column[] = [
  { id: "kind", label: msg`种类`, width: [68, 96], cell: (item) => <Kind item={item} /> },
  { id: "channel", label: msg`渠道`, width: [76, 92], cell: (item) => <Channel item={item} /> },
  { id: "unit", label: msg`承办单位`, width: [152, 192], cell: (item) => <UnitName unit={item.unit} /> },
  { id: "state", label: msg`状态`, width: [116, 128], cell: (item) => <Status state={item.state} /> },
  { id: "handler", label: msg`承办人`, width: [84, 106], cell: (item) => <Handler item={item} /> },
  {
    id: "received",
    label: msg`收到`,
    width: [104, 112],
    isRight: true,
    sorts: ["received_at", "-received_at"],
    cell: (item) => (
      <span className="m">
        <ShortDay value={item.received_on} />
      </span>
    ),
  },
  {
    id: "due",
    label: msg`到期`,
    width: [128, 124],
    isRight: true,
    sorts: ["due_at", "-due_at"],
    cell: (item) => <DueOn item={item} />,
  },
  { id: "left", label: msg`剩余`, width: [132, 160], cell: (item) => <DueChip item={item} /> },
];

export const COLUMNS_KEY = "liangnuo.console.columns";
export const DEFAULT_COLUMNS = ["kind", "unit", "state", "handler", "due", "left"];
