import type { CalendarDay } from "./parse";

/** Days off in a row: a weekend between two of them is off too, and joins them. */
export interface Span {
  from: string;
  to: string;
}

export interface Month {
  /** "2026-10" */
  month: string;
  off: Span[];
  worked: string[];
}

function next(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
}

/** A year's exceptions by month, as one reads them on a wall. A holiday stands in the month in which it begins. */
export function byMonth(days: readonly CalendarDay[]): Month[] {
  const worked = new Set(days.filter(({ is_worked }) => is_worked).map(({ day }) => day));
  const months = new Map<string, Month>();
  const monthOf = (day: string) => {
    const month = day.slice(0, 7);
    const known = months.get(month) ?? { month, off: [], worked: [] };
    months.set(month, known);
    return known;
  };
  let span: Span | undefined;
  for (const { day, is_worked } of days.toSorted((one, other) => one.day.localeCompare(other.day))) {
    if (is_worked) {
      monthOf(day).worked.push(day);
      continue;
    }
    if (span && touches(span.to, day, worked)) span.to = day;
    else {
      span = { from: day, to: day };
      monthOf(day).off.push(span);
    }
  }
  return [...months.values()];
}

function touches(end: string, day: string, worked: Set<string>): boolean {
  let between = next(end);
  while (between < day && isWeekend(between) && !worked.has(between)) between = next(between);
  return between === day;
}

export interface Change {
  day: string;
  /** How it was and how it will be; null: as its weekday says. */
  before: boolean | null;
  after: boolean | null;
}

/** What a year's notice, loaded in place of the one that is known, leaves of the December before. */
export function decemberAfter(
  known: readonly CalendarDay[],
  namedBefore: readonly CalendarDay[],
  named: readonly CalendarDay[],
): CalendarDay[] {
  const changed = new Set([...namedBefore, ...named].map(({ day }) => day));
  return [...known.filter(({ day }) => !changed.has(day)), ...named];
}

/** What loading would change, in order. */
export function changesBetween(known: readonly CalendarDay[], loaded: readonly CalendarDay[]): Change[] {
  const before = new Map(known.map(({ day, is_worked }) => [day, is_worked]));
  const after = new Map(loaded.map(({ day, is_worked }) => [day, is_worked]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((day) => ({ day, before: before.get(day) ?? null, after: after.get(day) ?? null }))
    .filter((change) => change.before !== change.after);
}
