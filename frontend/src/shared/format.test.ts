import { expect, test } from "vitest";
import { formatDays, formatMonth, formatNumber, formatWhen } from "./format";

const now = new Date("2026-11-23T04:00:00Z");

test("a day is written with its weekday, and with the year only where it is another one", () => {
  expect(formatWhen("2026-11-22", "zh-CN", now)).toBe("11月22日(周日)");
  expect(formatWhen("2026-11-22", "en", now)).toBe("Sun 22 Nov");
  expect(formatWhen("2027-01-04", "zh-CN", now)).toBe("2027年1月4日(周一)");
  expect(formatWhen("2027-01-04", "en", now)).toBe("Mon 4 Jan 2027");
});

test("a moment is written in Shanghai's time", () => {
  expect(formatWhen("2026-11-22T07:30:00Z", "zh-CN", now)).toBe("11月22日(周日)15:30");
  expect(formatWhen("2026-11-22T16:05:00Z", "en", now)).toBe("Mon 23 Nov, 00:05");
});

test("days name how the law counts them", () => {
  expect(formatDays(3, "working_days", "zh-CN")).toBe("3个工作日");
  expect(formatDays(15, "calendar_days", "zh-CN")).toBe("15天");
  expect(formatDays(1, "working_days", "en")).toBe("1 working day");
  expect(formatDays(2.5, "calendar_days", "en")).toBe("2.5 days");
});

test("numbers and months", () => {
  expect(formatNumber(2186, "zh-CN")).toBe("2186");
  expect(formatNumber(18402, "zh-CN")).toBe("18,402");
  expect(formatNumber(2186, "en")).toBe("2,186");
  expect(formatMonth("2026-03", "zh-CN")).toBe("3月");
  expect(formatMonth("2026-09", "en")).toMatch(/^Sept?$/);
});
