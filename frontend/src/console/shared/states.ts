/** Sets of state codes that the pages speak of: one place, so that a figure and the list behind it never differ. */
export const OPEN = [
  "received",
  "accepted",
  "assigned",
  "objected",
  "in_handling",
  "waiting",
  "reply_drafted",
  "redoing",
];
export const WORKING = ["assigned", "in_handling", "waiting", "redoing"];
export const REPLIED = ["replied"];
export const ENDED = ["concluded", "not_accepted", "referred", "withdrawn"];
/** Answered together with the case that leads it: nobody works on it by itself. */
export const ALONG = ["duplicate"];
export const ALL = [...OPEN, ...ALONG, ...REPLIED, ...ENDED];
/** From these a case can be given to a unit. */
export const ASSIGNABLE = ["accepted", "assigned", "objected", "in_handling", "redoing"];
export const LATE = ["overdue", "long_overdue"];
