import { useLingui } from "@lingui/react/macro";
import { unitKindLabels } from "../../shared/labels";
import { ChoiceChip } from "./Chip";
import { type ChipProps, marks, useMarkWords } from "./FilterChips";
import type { Filters } from "./filters";
import { wordFor } from "./labels";

/** From a day to a day, either of which may be open. */
const span = (from?: string, to?: string) => (from && to ? `${from}–${to}` : (from ?? to ?? ""));

/** Filters that only a link sets (a figure, a chart): shown so that nobody wonders why the list is short. */
export function LinkedChips({ filters, onChange }: ChipProps) {
  const { t } = useLingui();
  const words = useMarkWords();
  const fixed: [string, string, Filters][] = marks
    .filter((mark) => filters[mark] === false)
    .map((mark) => [words[mark], t`除外`, { [mark]: undefined }]);
  const add = (label: string, shown: string | false | undefined, ...names: (keyof Filters)[]) => {
    if (shown) fixed.push([label, shown, Object.fromEntries(names.map((name) => [name, undefined]))]);
  };
  const either = (value: boolean | undefined, yes: string, no: string) =>
    value === undefined ? undefined : value ? yes : no;
  const { days_to_reply_over: over, year } = filters;
  add(t`收到年份`, year ? String(year) : undefined, "year");
  add(t`答复用时`, over !== undefined && t`超过${over}天`, "days_to_reply_over");
  add(t`答复`, span(filters.replied_from, filters.replied_to), "replied_from", "replied_to");
  add(t`是否答复`, either(filters.is_replied, t`已答复`, t`未答复`), "is_replied");
  add(t`办结`, span(filters.ended_from, filters.ended_to), "ended_from", "ended_to");
  add(t`到期早于`, filters.due_before?.slice(0, 10), "due_before");
  add(t`评价`, either(filters.is_rated_unsatisfied, t`不满意`, t`满意`), "is_rated_unsatisfied");
  add(t`是否评价`, either(filters.is_rated, t`已评价`, t`未评价`), "is_rated");
  add(t`下级单位`, filters.unit_only && t`不含`, "unit_only");
  add(t`单位类型`, filters.unit_kind && t(wordFor(unitKindLabels, filters.unit_kind)), "unit_kind");
  add(t`下级类别`, filters.category_only && t`不含`, "category_only");
  add(t`是否分类`, either(filters.has_category, t`已分类`, t`未分类`), "has_category");
  add(t`承办人`, filters.handler_id && (filters.handler_id === "me" ? t`我` : t`指定的人`), "handler_id");
  return fixed.map(([label, shown, without]) => (
    <ChoiceChip
      key={label}
      label={label}
      none=""
      options={[{ value: "on", label: shown }]}
      value={["on"]}
      onChange={() => onChange({ ...filters, ...without })}
    />
  ));
}
