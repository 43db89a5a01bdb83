/** Days as Shanghai counts them, wherever the reader's machine stands. */
export function today(now = new Date()): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(now);
}

const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);
const DAY = 86_400_000;

export function daysBetween(from: string, to: string): number {
  return Math.round((noon(to) - noon(from)) / DAY);
}

export function addDays(day: string, count: number): string {
  return new Date(noon(day) + count * DAY).toISOString().slice(0, 10);
}

/** When a day begins in China, as the API takes an instant. */
export function startOf(day: string): string {
  return new Date(`${day}T00:00:00+08:00`).toISOString().replace(".000Z", "Z");
}

/** The day in China on which an instant lies. */
export function dayOf(instant: string): string {
  return today(new Date(instant));
}

/** 0 Sunday .. 6 Saturday. */
export function weekday(day: string): number {
  return new Date(noon(day)).getUTCDay();
}

export function isWeekend(day: string): boolean {
  return weekday(day) % 6 === 0;
}
