import { useLingui } from "@lingui/react/macro";
import { formatNumber } from "../../shared/format";
import { unitKindLabels } from "../../shared/labels";
import { ChoiceChip } from "./Chip";
import { dayOf } from "./due";
import { type ChipProps, marks, useMarkWords } from "./FilterChips";
import { EVER, type Filters } from "./filters";
import { wordFor } from "./labels";

interface Linked {
  label: string;
  shown: string;
  /** What its cross takes away. */
  names: (keyof Filters)[];
}

/** Filters that only a link sets (a figure, a chart): shown so that nobody wonders why the list is short. */
export function LinkedChips({ filters, onChange }: ChipProps) {
  const linked = [...useMarks(filters), ...useTimes(filters), ...useAnswers(filters), ...useWhose(filters)];
  return linked.map(({ label, shown, names }) => (
    <ChoiceChip
      key={names[0]}
      label={label}
      none=""
      options={[{ value: "on", label: shown }]}
      value={["on"]}
      onChange={() => {
        const next = { ...filters };
        for (const name of names) delete next[name];
        onChange(next);
      }}
    />
  ));
}

/** Those without a mark; those with it have a chip of their own. */
function useMarks(filters: Filters): Linked[] {
  const { t } = useLingui();
  const words = useMarkWords();
  return marks
    .filter((mark) => filters[mark] === false)
    .map((mark) => ({ label: words[mark], shown: t`除外`, names: [mark] }));
}

/** When something happened, and how long it took. */
function useTimes(filters: Filters): Linked[] {
  const { t, i18n } = useLingui();
  const { replied_from, replied_to, ended_from, ended_to, year } = filters;
  const between = (from = "", to = "") => {
    if (from && to) return from === to ? from : t`${from}至${to}`;
    return from ? t`${from}起` : t`到${to}`;
  };
  const found: Linked[] = [];
  if (year !== undefined) found.push({ label: t`收到年份`, shown: String(year), names: ["year"] });
  if (replied_from || replied_to) {
    found.push({
      label: t`答复`,
      shown: between(replied_from, replied_to),
      names: ["replied_from", "replied_to"],
    });
  }
  if (ended_from || ended_to) {
    // A figure of all that ended has to say some day: one before all cases says only that they ended.
    const isEver = ended_from !== undefined && ended_from <= EVER && !ended_to;
    const shown = isEver ? t`已办结` : between(ended_from, ended_to);
    found.push({ label: t`办结`, shown, names: ["ended_from", "ended_to"] });
  }
  const over = filters.days_to_reply_over;
  if (over !== undefined) {
    const days = formatNumber(over, i18n.locale);
    found.push({ label: t`答复用时`, shown: t`超过${days}天`, names: ["days_to_reply_over"] });
  }
  return found;
}

function useAnswers(filters: Filters): Linked[] {
  const { t } = useLingui();
  const { is_replied, is_rated, is_rated_unsatisfied: isUnsatisfied } = filters;
  const found: Linked[] = [];
  if (is_replied !== undefined) {
    found.push({ label: t`有没有答复`, shown: is_replied ? t`有` : t`没有`, names: ["is_replied"] });
  }
  // Those without one are a choice of the chip of levels.
  if (is_rated) found.push({ label: t`有没有评价`, shown: t`有`, names: ["is_rated"] });
  if (isUnsatisfied !== undefined) {
    const shown = isUnsatisfied ? t`不满意` : t`满意`;
    found.push({ label: t`评价`, shown, names: ["is_rated_unsatisfied"] });
  }
  return found;
}

function useWhose(filters: Filters): Linked[] {
  const { t } = useLingui();
  const found: Linked[] = [];
  if (filters.unit_kind) {
    found.push({
      label: t`单位类型`,
      shown: t(wordFor(unitKindLabels, filters.unit_kind)),
      names: ["unit_kind"],
    });
  }
  if (filters.unit_only && filters.unit_id) {
    found.push({ label: t`下属单位`, shown: t`不含`, names: ["unit_only"] });
  }
  if (filters.category_only && filters.category_id) {
    found.push({ label: t`下级分类`, shown: t`不含`, names: ["category_only"] });
  }
  // "Me" and "nobody" are choices of the chip of handlers.
  if (filters.handler_id && filters.handler_id !== "me") {
    found.push({ label: t`承办人`, shown: t`指定的人`, names: ["handler_id"] });
  }
  if (filters.has_handler) {
    found.push({ label: t`承办人`, shown: t`已指定`, names: ["has_handler"] });
  }
  if (filters.supervisor_id) {
    const who = filters.supervisor_id === "me" ? t`我` : t`指定的人`;
    found.push({ label: t`督办人`, shown: who, names: ["supervisor_id"] });
  }
  if (filters.report_due_before) {
    const day = dayOf(filters.report_due_before);
    found.push({ label: t`督办报告`, shown: t`${day}前要交`, names: ["report_due_before"] });
  }
  return found;
}
