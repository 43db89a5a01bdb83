const ZONE = "Asia/Shanghai";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function isChinese(locale: string): boolean {
  return locale !== "en";
}

interface Parts {
  year: string;
  month: string;
  day: string;
  weekday: string;
  hour: string;
  minute: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(value: Date, locale: string): Parts {
  let format = formats.get(locale);
  if (!format) {
    format = new Intl.DateTimeFormat(isChinese(locale) ? "zh-CN" : "en-GB", {
      timeZone: ZONE,
      year: "numeric",
      month: isChinese(locale) ? "numeric" : "short",
      day: "numeric",
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(locale, format);
  }
  const parts = Object.fromEntries(format.formatToParts(value).map(({ type, value: text }) => [type, text]));
  return parts as unknown as Parts;
}

/** A day (2026-11-22) is noon in Shanghai: whatever the zone of the machine, it stays that day. */
function instantOf(value: string): Date {
  return new Date(DAY.test(value) ? `${value}T12:00:00+08:00` : value);
}

/**
 * 11月22日(周日) and 11月22日(周日)15:30; "Sun 22 Nov" and "Sun 22 Nov, 15:30". The year appears where it is not this one.
 * Times are those of Shanghai, wherever the reader is.
 */
export function formatWhen(value: string, locale: string, now = new Date()): string {
  const parts = partsOf(instantOf(value), locale);
  const isThisYear = parts.year === partsOf(now, locale).year;
  const time = DAY.test(value) ? "" : `${parts.hour}:${parts.minute}`;
  if (isChinese(locale)) {
    const year = isThisYear ? "" : `${parts.year}年`;
    return `${year}${parts.month.replace("月", "")}月${parts.day.replace("日", "")}日(${parts.weekday})${time}`;
  }
  const year = isThisYear ? "" : ` ${parts.year}`;
  return `${parts.weekday} ${parts.day} ${parts.month}${year}${time ? `, ${time}` : ""}`;
}

/** With its year whichever it is: what is printed is read in other years. */
export function formatForPaper(value: string, locale: string): string {
  return formatWhen(value, locale, new Date(0));
}

export type DayCount = "working_days" | "calendar_days";

/** "3个工作日", "15天"; "3 working days", "1 day". */
export function formatDays(count: number, counts: DayCount, locale: string): string {
  const shown = formatNumber(count, locale);
  if (isChinese(locale)) return counts === "working_days" ? `${shown}个工作日` : `${shown}天`;
  return `${shown} ${counts === "working_days" ? "working " : ""}day${count === 1 ? "" : "s"}`;
}

/** At most one decimal; English groups by thousands, Chinese readers are used to plain digits up to 9999. */
export function formatNumber(value: number, locale: string): string {
  const isShort = isChinese(locale) && Math.abs(value) < 10_000;
  return new Intl.NumberFormat(isChinese(locale) ? "zh-CN" : "en-GB", {
    maximumFractionDigits: 1,
    useGrouping: !isShort,
  }).format(value);
}

/** 0.916 -> 91.6 (without the sign, which stands beside it in smaller type). */
export function percentOf(part: number, whole: number): number {
  return Math.round((part / whole) * 1000) / 10;
}

/** "2026-03" -> "3月" / "Mar" */
export function formatMonth(month: string, locale: string): string {
  const number = Number(month.slice(5, 7));
  if (isChinese(locale)) return `${number}月`;
  return new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" }).format(
    new Date(Date.UTC(2000, number - 1, 15)),
  );
}
