import { daysBetween, today } from "../../shared/days";

export { addDays, dayOf, daysBetween, isWeekend, startOf, today, weekday } from "../../shared/days";

export type DueTone = "none" | "ok" | "soon" | "late";

export interface DueView {
  tone: DueTone;
  /** Days left, 0 today, negative when late; null where no clock runs. */
  days: number | null;
}

/** The server says the phase; the days are counted from the date. */
export function dueView(item: { phase: string; due_on: string | null }, on = today()): DueView {
  if (!item.due_on || item.phase === "none") return { tone: "none", days: null };
  const days = daysBetween(on, item.due_on);
  if (days < 0) return { tone: "late", days };
  return { tone: days === 0 || item.phase === "due_soon" ? "soon" : "ok", days };
}
