import { addDays, today } from "../shared/due";
import type { Filters } from "../shared/filters";

/** The periods that a button chooses. */
export type PeriodName = "year" | "last_year" | "twelve_months" | "ever";

/** The first day of the month so many months before. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 0] = day.split("-").map(Number);
  const index = year * 12 + month - 1 - months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}-01`;
}

/** What a period asks of the receipt. Whole months, so that the server need not count each case. */
export function periodFilters(name: PeriodName, now = today()): Filters {
  const year = Number(now.slice(0, 4));
  switch (name) {
    case "year":
      return { year };
    case "last_year":
      return { year: year - 1 };
    case "twelve_months":
      return { received_from: monthsBefore(now, 11), received_to: addDays(monthsBefore(now, -1), -1) };
    case "ever":
      return {};
  }
}

export const withoutPeriod = (filters: Filters): Filters => ({
  ...filters,
  year: undefined,
  received_from: undefined,
  received_to: undefined,
});

/** Which button the filters come from; none for a period of one's own. */
export function periodName(filters: Filters, now = today()): PeriodName | undefined {
  const names: PeriodName[] = ["year", "last_year", "twelve_months", "ever"];
  return names.find((name) => {
    const { year, received_from, received_to } = periodFilters(name, now);
    return (
      year === filters.year && received_from === filters.received_from && received_to === filters.received_to
    );
  });
}
