import type { Schemas } from "../../../api/client";
import { addDays, daysBetween, isWeekend, weekday } from "../../shared/due";

type Due = Schemas["ComplaintDue"];

export interface CalendarDay {
  day: string;
  kind: "outside" | "start" | "past" | "future" | "off" | "end";
  isToday: boolean;
  /** Which day of the count it is; unknown where only the server's calendar knows what counts. */
  number: number | null;
}

export type CalendarRow = { key: string; days: CalendarDay[] } | { key: string; weeks: number };

/** More weeks than this are folded in the middle. */
const MOST = 6;

function monday(day: string): string {
  return addDays(day, -((weekday(day) + 6) % 7));
}

/** The weeks from the day that started the clock to the day that ends it, as rows of seven. */
export function calendarRows(due: Due, today: string): CalendarRow[] {
  const first = monday(due.starts_on);
  const weeks = daysBetween(first, monday(due.due_on)) / 7 + 1;
  const rows = Array.from({ length: weeks }, (_, week) => rowOf(addDays(first, week * 7), due, today));
  if (rows.length <= MOST) return rows;
  return fold(rows, Math.floor(daysBetween(first, monday(today)) / 7));
}

function rowOf(start: string, due: Due, today: string): { key: string; days: CalendarDay[] } {
  const days = Array.from({ length: 7 }, (_, index) => dayOf(addDays(start, index), due, today));
  return { key: start, days };
}

function dayOf(day: string, due: Due, today: string): CalendarDay {
  const isToday = day === today;
  const nth = daysBetween(due.starts_on, day);
  // Which days a held clock passed over only the server knows: then none is numbered.
  const isNumbered = due.counts === "calendar_days" && due.held_days === 0;
  const isCounted = isNumbered && nth >= 1 && nth <= due.days + due.extended_by;
  const number = isCounted ? nth : null;
  if (day === due.due_on) return { day, kind: "end", isToday, number };
  if (nth < 0 || day > due.due_on) return { day, kind: "outside", isToday, number: null };
  if (nth === 0) return { day, kind: "start", isToday, number: null };
  const isOff = due.counts === "working_days" ? isWeekend(day) : isNumbered && !isCounted;
  if (isOff) return { day, kind: "off", isToday, number };
  return { day, kind: day <= today ? "past" : "future", isToday, number };
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
