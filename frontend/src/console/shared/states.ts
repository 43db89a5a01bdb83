/** Sets of state codes that the pages speak of: one place, so that a figure and the list behind it never differ. */
export const OPEN = ["received", "accepted", "assigned", "in_handling", "reply_drafted"];
export const WORKING = ["assigned", "in_handling"];
export const REPLIED = ["replied"];
export const ENDED = ["concluded", "not_accepted", "withdrawn"];
export const ALL = [...OPEN, ...REPLIED, ...ENDED];
export const LATE = ["overdue", "long_overdue"];
