import { $api, type Schemas } from "../../api/client";
import type { IsOff } from "../../shared/dueCalendar";
import { addDays, isWeekend } from "./due";

/** The calendar says which days are not what their weekday says; a year that it does not have is counted by weekends. */
export function isOffIn(years: readonly Schemas["CalendarYear"][]): IsOff {
  const exceptions = new Map(
    years.flatMap(({ days }) => days.map(({ day, is_worked }) => [day, !is_worked] as const)),
  );
  return (day) => exceptions.get(day) ?? isWeekend(day);
}

/** The working days after one day up to and including another. */
export function workdaysBetween(from: string, to: string, isOff: IsOff): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (!isOff(day)) count++;
  return count;
}

/** The county's calendar; by weekends alone until it has come, or where it does not come. */
export function useIsOff(): IsOff {
  const { data } = $api.useQuery(
    "get",
    "/api/v1/calendars",
    {},
    { staleTime: Number.POSITIVE_INFINITY, select: ({ items }) => isOffIn(items) },
  );
  return data ?? isWeekend;
}
