import { formatDays } from "../../../shared/format";
import type { Case } from "./verbs";

/** So many days in what a clock of the case counts, without which "10" may be two weeks or ten days. */
export function daysOf(complaint: Case, count: number, locale: string, clock = complaint.due?.clock): string {
  const due = [complaint.due, ...complaint.other_dues].find((one) => one?.clock === clock);
  return formatDays(count, due?.counts === "working_days" ? "working_days" : "calendar_days", locale);
}
