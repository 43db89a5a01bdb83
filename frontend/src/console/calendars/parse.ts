export interface CalendarDay {
  day: string;
  is_worked: boolean;
}

export interface LineError {
  line: number;
  why: "not_a_pair" | "not_a_date" | "other_year" | "unknown_kind" | "twice";
}

export interface Parsed {
  days: CalendarDay[];
  errors: LineError[];
}

/**
 * Reads `2027-01-01,holiday` lines; a heading and blank lines are passed over. A notice names days of the December before,
 * too: New Year's holiday often begins there.
 */
export function parseCalendar(text: string, year: number): Parsed {
  const days: CalendarDay[] = [];
  const errors: LineError[] = [];
  const seen = new Set<string>();
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line === "" || /^date\s*[,，]/i.test(line)) continue;
    const read = readLine(line, year);
    if (typeof read === "string") errors.push({ line: index + 1, why: read });
    else if (seen.has(read.day)) errors.push({ line: index + 1, why: "twice" });
    else {
      seen.add(read.day);
      days.push(read);
    }
  }
  days.sort((one, other) => one.day.localeCompare(other.day));
  return { days, errors };
}

export const isDecemberBefore = (day: string, year: number) => day.startsWith(`${year - 1}-12-`);

const kinds: Record<string, boolean> = { holiday: false, workday: true, 放假: false, 上班: true };

function readLine(line: string, year: number): CalendarDay | LineError["why"] {
  const [day = "", kind, ...more] = line.split(/[,，\t]/).map((part) => part.trim());
  if (kind === undefined || more.length > 0) return "not_a_pair";
  const date = new Date(`${day}T00:00:00Z`);
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(date.getTime());
  if (!isDate || date.toISOString().slice(0, 10) !== day) return "not_a_date";
  if (!day.startsWith(`${year}-`) && !isDecemberBefore(day, year)) return "other_year";
  const isWorked = kinds[kind.toLowerCase()];
  return isWorked === undefined ? "unknown_kind" : { day, is_worked: isWorked };
}

/** A file as it is: UTF-8, or what a Chinese office suite writes. */
export function decodeCsv(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}
