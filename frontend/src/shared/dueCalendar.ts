import type { Schemas } from "../api/client";
import { addDays, daysBetween, weekday } from "./days";

type Due = Schemas["ComputedDue"];

/** Whether nobody works on a day. */
export type IsOff = (day: string) => boolean;

/** What one needs beside the due date to count its days again. */
export interface Counting {
  today: string;
  isOff: IsOff;
  /** When the clock was held: the days after the first up to and including the second. */
  holds: readonly Hold[];
}

/** What of a step of a case tells of holds. */
interface Step {
  action: string;
  on: string;
  until: string | null;
}

export interface Hold {
  from: string;
  until: string;
}

export interface CalendarDay {
  day: string;
  kind: "outside" | "start" | "past" | "future" | "off" | "held" | "end";
  isToday: boolean;
  /** Which day of the count it is. */
  number: number | null;
}

/** What each day is: the how manieth, or why it does not count. */
type Counted = Map<string, number | "off" | "held">;

export type CalendarRow = { key: string; days: CalendarDay[] } | { key: string; weeks: number };

/** What starts a held clock again. */
const ENDS_HOLD: ReadonlySet<string> = new Set(["resumed", "added"]);

/** More weeks than this are folded in the middle. */
const MOST = 6;

function monday(day: string): string {
  return addDays(day, -((weekday(day) + 6) % 7));
}

/** The weeks from the day that started the clock to the day that ends it, as rows of seven. */
export function calendarRows(due: Due, counting: Counting): CalendarRow[] {
  const first = monday(due.starts_on);
  const weeks = daysBetween(first, monday(due.due_on)) / 7 + 1;
  const counted = countDays(due, counting) ?? onlyOff(due, counting);
  const rows = Array.from({ length: weeks }, (_, week) => {
    const start = addDays(first, week * 7);
    const days = Array.from({ length: 7 }, (_, index) =>
      dayOf(addDays(start, index), due, counted, counting.today),
    );
    return { key: start, days };
  });
  if (rows.length <= MOST) return rows;
  return fold(rows, Math.floor(daysBetween(first, monday(counting.today)) / 7));
}

/**
 * Counts as the server did, to show which day is the how manieth. Its date is the one that binds: nothing where this
 * count does not come to it (another calendar, a hold that is not known).
 */
export function countDays(due: Due, { isOff, holds }: Counting): Counted | null {
  const counted: Counted = new Map();
  const length = due.days + due.extended_by;
  let [number, held] = [0, 0];
  for (let day = addDays(due.starts_on, 1); day <= due.due_on; day = addDays(day, 1)) {
    const isHeld = holds.some(({ from, until }) => day > from && day <= until);
    if (number === length || (due.counts === "working_days" && isOff(day))) counted.set(day, "off");
    else if (isHeld) {
      held++;
      counted.set(day, "held");
    } else counted.set(day, ++number);
  }
  const isLater = due.rolled_forward || due.is_kept_as_told;
  const isSame =
    held === due.held_days && (counted.get(due.due_on) === length || (number === length && isLater));
  return isSame ? counted : null;
}

/** What is known without a count: on which days nobody works. */
function onlyOff(due: Due, { isOff }: Counting): Counted {
  const counted: Counted = new Map();
  if (due.counts !== "working_days") return counted;
  for (let day = addDays(due.starts_on, 1); day < due.due_on; day = addDays(day, 1)) {
    if (isOff(day)) counted.set(day, "off");
  }
  return counted;
}

function dayOf(day: string, due: Due, counted: Counted, today: string): CalendarDay {
  const isToday = day === today;
  const what = counted.get(day);
  const number = typeof what === "number" ? what : null;
  if (day === due.due_on) return { day, kind: "end", isToday, number };
  if (day === due.starts_on) return { day, kind: "start", isToday, number: null };
  if (day < due.starts_on || day > due.due_on) return { day, kind: "outside", isToday, number: null };
  if (what === "off" || what === "held") return { day, kind: what, isToday, number: null };
  return { day, kind: day <= today ? "past" : "future", isToday, number };
}

/** When the clock was held, from what happened to the case: until the answer, at the latest until the day that was set. */
export function holdsOf(timeline: readonly Step[]): Hold[] {
  const holds: Hold[] = [];
  for (const { action, on, until } of timeline) {
    const last = holds.at(-1);
    if (action === "held" && until) holds.push({ from: on, until });
    else if (last && ENDS_HOLD.has(action) && on < last.until) last.until = on;
  }
  return holds;
}

/** Keeps the first week, today's with its neighbours and the last two; says how many weeks stand between. */
function fold(rows: { key: string; days: CalendarDay[] }[], todayWeek: number): CalendarRow[] {
  const kept = new Set([0, rows.length - 2, rows.length - 1, todayWeek, todayWeek + 1]);
  const folded: CalendarRow[] = [];
  let gap = 0;
  rows.forEach((row, index) => {
    if (!kept.has(index)) {
      gap++;
      return;
    }
    if (gap > 0) folded.push({ key: `gap-${row.key}`, weeks: gap });
    gap = 0;
    folded.push(row);
  });
  return folded;
}
