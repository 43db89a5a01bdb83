import { describe, expect, test } from "vitest";
import { calendarRows, type Hold, holdsOf } from "../shared/dueCalendar";
import { diff } from "./complaints/case/diff";
import { conflictsOf, merge, type Parts } from "./complaints/case/draft";
import { dueView } from "./shared/due";
import { isSameFilters, queueLink, readFilters, writeFilters } from "./shared/filters";
import { isOffIn, workdaysBetween } from "./shared/workdays";

const parts = (decision: string, basis = ""): Parts => ({ request: "r", facts: "f", decision, basis });

describe("filters", () => {
  test("what is written to the address is read back", () => {
    const filters = {
      q: "校车",
      state: ["received", "accepted"],
      days_to_reply_over: 15,
      is_rated_unsatisfied: true,
    };
    expect(readFilters(writeFilters(filters))).toEqual(filters);
  });

  test("empty and unknown values are left out", () => {
    expect(readFilters(new URLSearchParams("q=&state=&year=abc&x=1"))).toEqual({});
    const without = readFilters(new URLSearchParams("is_emergency=false&is_redone=true&is_supervised=no"));
    expect(without).toEqual({ is_emergency: false, is_redone: true });
    expect(writeFilters(without).toString()).toBe("is_emergency=false&is_redone=true");
    expect(isSameFilters(without, { is_redone: true })).toBe(false);
  });

  test("a figure's link is the page's filters plus what it counts", () => {
    expect(queueLink({ kind: ["grievance"] }, { state: ["received", "accepted"] }, "due_at")).toBe(
      "/complaints?kind=grievance&state=received,accepted&sort=due_at",
    );
  });

  test("order does not make two views different", () => {
    expect(isSameFilters({ state: ["a", "b"], q: "x" }, { q: "x", state: ["b", "a"] })).toBe(true);
    expect(isSameFilters({ state: ["a"] }, {})).toBe(false);
  });

  test("what is not so is a filter too", () => {
    const text = "is_rated_unsatisfied=false&has_category=false&is_replied=true&ended_from=2026-01-01";
    const filters = readFilters(new URLSearchParams(`${text}&unit_only=false`));
    expect(filters).toEqual({
      is_rated_unsatisfied: false,
      has_category: false,
      is_replied: true,
      ended_from: "2026-01-01",
    });
    expect(readFilters(writeFilters(filters))).toEqual(filters);
    expect(isSameFilters(filters, { ...filters, has_category: undefined })).toBe(false);
  });
});

describe("the due chip", () => {
  const on = "2026-11-23";
  test.each([
    ["on_time", "2026-11-27", "ok", 4],
    ["due_soon", "2026-11-24", "soon", 1],
    ["due_soon", "2026-11-23", "soon", 0],
    ["overdue", "2026-11-19", "late", -4],
  ])("%s on %s", (phase, due_on, tone, days) => {
    expect(dueView({ phase, due_on }, on)).toEqual({ tone, days });
  });

  test("no clock, no days", () => {
    expect(dueView({ phase: "none", due_on: "2026-11-19" }, on)).toEqual({ tone: "none", days: null });
  });
});

const counted = {
  extended_by: 0,
  held_days: 0,
  days_off: 0,
  is_kept_as_told: false,
  explanation: "",
  complaint: null,
};

const dayIn = (rows: ReturnType<typeof calendarRows>, day: string) =>
  rows.flatMap((row) => ("days" in row ? row.days : [])).find((one) => one.day === day);

describe("working days", () => {
  const isOff = isOffIn([
    {
      year: 2026,
      previous_december: [],
      days: [
        { day: "2026-10-01", is_worked: false },
        { day: "2026-10-10", is_worked: true },
      ],
      loaded_at: null,
      version: 0,
    },
  ]);

  test("are what the calendar says, and else what the weekday says", () => {
    expect(["2026-10-01", "2026-10-10", "2026-10-11", "2027-01-02", "2027-01-04"].map(isOff)).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  test("are counted from the day after, the last one too", () => {
    expect(workdaysBetween("2026-11-23", "2026-11-27", isOff)).toBe(4);
    expect(workdaysBetween("2026-09-30", "2026-10-10", isOff)).toBe(7);
    expect(workdaysBetween("2026-11-27", "2026-11-29", isOff)).toBe(0);
  });
});

describe("the calendar strip", () => {
  const on = (today: string, holds: Hold[] = []) => ({ today, isOff: isOffIn([]), holds });

  test("calendar days are numbered from the day after", () => {
    const due = { clock: "tell", starts_on: "2026-11-04", counts: "calendar_days", days: 15 } as const;
    const rows = calendarRows(
      { ...counted, ...due, rolled_forward: false, due_on: "2026-11-19", is_provisional: false },
      on("2026-11-10"),
    );
    expect(dayIn(rows, "2026-11-04")?.kind).toBe("start");
    expect(dayIn(rows, "2026-11-05")).toMatchObject({ kind: "past", number: 1 });
    expect(dayIn(rows, "2026-11-19")).toMatchObject({ kind: "end", number: 15 });
  });

  test("the days of an extension count on; where the count does not come to the date, none is numbered", () => {
    const due = { clock: "decide", starts_on: "2026-11-02", counts: "calendar_days", days: 10 } as const;
    const plain = { ...counted, ...due, rolled_forward: false, due_on: "2026-11-17", is_provisional: false };
    const extended = calendarRows({ ...plain, extended_by: 5 }, on("2026-11-03"));
    expect(dayIn(extended, "2026-11-14")).toMatchObject({ kind: "future", number: 12 });
    const held = calendarRows({ ...plain, held_days: 5 }, on("2026-11-03"));
    expect(dayIn(held, "2026-11-14")).toMatchObject({ kind: "future", number: null });
  });

  test("days of a hold are marked, and those after it count on", () => {
    const due = { clock: "hotline", starts_on: "2026-11-10", counts: "working_days", days: 5 } as const;
    const holds = holdsOf([
      { action: "held", on: "2026-11-11", until: "2026-11-20" },
      { action: "added", on: "2026-11-13", until: null },
    ]);
    const rows = calendarRows(
      {
        ...counted,
        ...due,
        held_days: 2,
        rolled_forward: false,
        due_on: "2026-11-19",
        is_provisional: false,
      },
      on("2026-11-16", holds),
    );
    expect(dayIn(rows, "2026-11-12")).toMatchObject({ kind: "held", number: null });
    expect(dayIn(rows, "2026-11-14")).toMatchObject({ kind: "off" });
    expect(dayIn(rows, "2026-11-16")).toMatchObject({ kind: "past", number: 2 });
    expect(dayIn(rows, "2026-11-19")).toMatchObject({ kind: "end", number: 5 });
  });

  test("an end that moved to a working day is no day of the count", () => {
    const due = { clock: "tell", starts_on: "2026-11-05", counts: "calendar_days", days: 3 } as const;
    const rows = calendarRows(
      { ...counted, ...due, rolled_forward: true, due_on: "2026-11-09", is_provisional: false },
      on("2026-11-05"),
    );
    expect(dayIn(rows, "2026-11-08")).toMatchObject({ kind: "future", number: 3 });
    expect(dayIn(rows, "2026-11-09")).toMatchObject({ kind: "end", number: null });
  });

  test("sixty days are folded", () => {
    const due = { clock: "decide", starts_on: "2026-11-05", counts: "calendar_days", days: 60 } as const;
    const rows = calendarRows(
      { ...counted, ...due, rolled_forward: true, due_on: "2027-01-04", is_provisional: true },
      on("2026-11-23"),
    );
    expect(rows.length).toBeLessThanOrEqual(7);
    expect(rows.some((row) => "weeks" in row)).toBe(true);
  });
});

describe("two people, one text", () => {
  test("only what both changed to something else is a conflict", () => {
    expect(conflictsOf(parts("a"), parts("b"), parts("c"))).toEqual(["decision"]);
    expect(conflictsOf(parts("a"), parts("b"), parts("a", "x"))).toEqual([]);
    expect(conflictsOf(parts("a"), parts("b"), parts("b"))).toEqual([]);
  });

  test("what one side changed is taken from that side", () => {
    expect(merge(parts("a"), parts("b"), parts("a", "x"), new Set())).toEqual(parts("b", "x"));
    expect(merge(parts("a"), parts("b"), parts("c"), new Set(["decision"]))).toEqual(parts("c"));
  });

  test("the difference names what went and what came", () => {
    expect(diff("先送四年级；张榜", "按楼层送；张榜")).toEqual([
      { kind: "removed", text: "先" },
      { kind: "added", text: "按楼层" },
      { kind: "same", text: "送" },
      { kind: "removed", text: "四年级" },
      { kind: "same", text: "；张榜" },
    ]);
  });
});
