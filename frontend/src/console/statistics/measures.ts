import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";
import type { Filters } from "../shared/filters";
import { counted } from "./links";

export type CaseFigures = Omit<Schemas["ComplaintFigures"], "by_state" | "by_phase">;

export interface Measure {
  id: string;
  label: MessageDescriptor;
  unit: "cases" | "days" | "share";
  /** A number of cases, days, or a share from 0 to 1; null where there is nothing to say. */
  value: (figures: CaseFigures) => number | null;
  /** How many cases it speaks of: of few, days and shares say little. */
  base: (figures: CaseFigures) => number;
  /** Of a share: how many they are. Counts of cases are their own. */
  cases?: (figures: CaseFigures) => number;
  /** What the list of them is narrowed down to; a median counts no list. */
  list?: Filters;
  /** Where little is bad, the worst first is the lowest first. */
  isLowBad?: boolean;
}

const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
const replied = (figures: CaseFigures) => figures.replied;
const total = (figures: CaseFigures) => figures.total;

export const measures: Measure[] = [
  { id: "total", label: msg`收到`, unit: "cases", value: total, base: total, list: {} },
  {
    id: "overdue",
    label: msg`现超期`,
    unit: "cases",
    value: ({ overdue }) => overdue,
    base: total,
    list: counted.overdue,
  },
  {
    id: "median",
    label: msg`用时中位数`,
    unit: "days",
    value: ({ median_days_to_reply: days }) => days,
    base: replied,
  },
  {
    id: "p90",
    label: msg`九成用时`,
    unit: "days",
    value: ({ p90_days_to_reply: days }) => days,
    base: replied,
  },
  {
    id: "over15",
    label: msg`超15天`,
    unit: "share",
    value: (figures) => share(figures.over_15_days, figures.replied),
    base: replied,
    cases: ({ over_15_days }) => over_15_days,
    list: counted.over15,
  },
  {
    id: "over60",
    label: msg`超60天`,
    unit: "share",
    value: (figures) => share(figures.over_60_days, figures.replied),
    base: replied,
    cases: ({ over_60_days }) => over_60_days,
    list: counted.over60,
  },
  {
    id: "satisfied",
    label: msg`满意`,
    unit: "share",
    value: (figures) => share(figures.satisfied, figures.rated),
    base: ({ rated }) => rated,
    cases: ({ satisfied }) => satisfied,
    list: counted.satisfied,
    isLowBad: true,
  },
  {
    id: "redone",
    label: msg`重办`,
    unit: "share",
    value: (figures) => share(figures.redone, figures.replied),
    base: replied,
    cases: ({ redone }) => redone,
    list: counted.redone,
  },
];

/** Days and shares of fewer cases than these are shown, but not held against anybody. */
export const FEW = 5;

export function isOfFew(measure: Measure, figures: CaseFigures): boolean {
  return measure.unit !== "cases" && measure.base(figures) < FEW;
}

export function readSort(by: string): { measure: Measure | undefined; isDown: boolean } {
  const isDown = by.startsWith("-");
  const id = isDown ? by.slice(1) : by;
  return { measure: measures.find((measure) => measure.id === id), isDown };
}

/** What a press on a column's head asks for: the worst first, then the other way round. */
export function nextSort(by: string, measure: Measure): string {
  const worst = measure.isLowBad ? measure.id : `-${measure.id}`;
  const best = measure.isLowBad ? `-${measure.id}` : measure.id;
  return by === worst ? best : worst;
}

interface Sortable {
  name: string;
  figures: CaseFigures;
}

/** Sorted by a measure, or by name. What is of few cases comes after the rest, what is unknown last, whichever way. */
export function sortRows<Row extends Sortable>(rows: Row[], by: string, locale: string): Row[] {
  const { measure, isDown } = readSort(by);
  const names = new Intl.Collator(locale);
  const byName = (one: Row, other: Row) => names.compare(one.name, other.name);
  if (!measure) return rows.toSorted((one, other) => byName(one, other) * (isDown ? -1 : 1));
  const rank = ({ figures }: Row) =>
    measure.value(figures) === null ? 2 : isOfFew(measure, figures) ? 1 : 0;
  return rows.toSorted((one, other) => {
    const [a, b] = [measure.value(one.figures) ?? 0, measure.value(other.figures) ?? 0];
    return (
      rank(one) - rank(other) ||
      (isDown ? b - a : a - b) ||
      other.figures.total - one.figures.total ||
      byName(one, other)
    );
  });
}
