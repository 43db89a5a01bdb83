import type { Schemas } from "../../api/client";
import type { Filters } from "../shared/filters";
import { LATE } from "../shared/states";

export type GroupFigures = Schemas["ComplaintFigures"];

/** A group of cases in a table: what it is called, its figures, and what else narrows a list down to it. */
export interface Group {
  key: string;
  name: string;
  figures: GroupFigures;
  /** Added to the page's filters it gives the group's list. */
  filters: Filters;
  /** Opens the group's own groups, where there are some. */
  inside?: Filters;
}

export type ColumnName =
  | "total"
  | "ended"
  | "overdue"
  | "median"
  | "p90"
  | "over_15"
  | "over_60"
  | "satisfied"
  | "redone";

export interface Cell {
  /** What it is sorted by; null where there is nothing to say. */
  value: number | null;
  /** How many cases it counts; null where it counts none, as a median. */
  count: number | null;
  /** The list of those. */
  list?: Filters;
}

const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);

/** What a column says of a group. */
export function cellOf(column: ColumnName, figures: GroupFigures): Cell {
  switch (column) {
    case "total":
      return { value: figures.total, count: figures.total, list: {} };
    case "ended":
      return { value: figures.ended, count: figures.ended, list: { ended_from: "1990-01-01" } };
    case "overdue":
      return { value: figures.overdue, count: figures.overdue, list: { phase: LATE } };
    case "median":
      return { value: figures.median_days_to_reply, count: null };
    case "p90":
      return { value: figures.p90_days_to_reply, count: null };
    case "over_15": {
      const count = figures.over_15_days;
      return { value: share(count, figures.replied), count, list: { days_to_reply_over: 15 } };
    }
    case "over_60": {
      const count = figures.over_60_days;
      return { value: share(count, figures.replied), count, list: { days_to_reply_over: 60 } };
    }
    case "satisfied": {
      const count = figures.satisfied;
      return { value: share(count, figures.rated), count, list: { is_rated_unsatisfied: false } };
    }
    case "redone":
      return { value: figures.redone, count: figures.redone, list: { is_redone: true } };
  }
}

export interface Order {
  column: ColumnName | "name";
  isDescending: boolean;
}

/** In an order; what has nothing to say comes last either way, and equals keep the order that they came in. */
export function inOrder(groups: Group[], { column, isDescending }: Order, locale: string): Group[] {
  const sign = isDescending ? -1 : 1;
  if (column === "name") {
    const compare = new Intl.Collator(locale).compare;
    return [...groups].sort((one, other) => sign * compare(one.name, other.name));
  }
  return [...groups].sort((one, other) => {
    const [left, right] = [cellOf(column, one.figures).value, cellOf(column, other.figures).value];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}

/** A list is of cases received in the period; of those that ended or were answered in a month, whenever received. */
export function monthLists(month: string): { received: Filters; replied: Filters; ended: Filters } {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const last = `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
  const first = `${month}-01`;
  const whenever = { year: undefined, received_from: undefined, received_to: undefined };
  return {
    received: { ...whenever, received_from: first, received_to: last },
    replied: { ...whenever, replied_from: first, replied_to: last },
    ended: { ...whenever, ended_from: first, ended_to: last },
  };
}
