import type { Filters } from "../shared/filters";

/** From the first to the last day of "2026-03". */
export function monthRange(month: string): Filters {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return { received_from: `${month}-01`, received_to: `${month}-${last}` };
}
