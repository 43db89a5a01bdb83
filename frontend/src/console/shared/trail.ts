import type { Schemas } from "../../api/client";

/** The list from which a case was opened, so that one can go on to the next without going back. One per tab. */
export interface Trail {
  /** The address of the list. */
  back: string;
  ids: string[];
  /** How many stand before the first of `ids`. */
  offset: number;
  total: number | null;
}

const KEY = "liangnuo.trail";

export function keepTrail(trail: Trail) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(trail));
  } catch {
    // Without it the case has no previous and next; nothing else is lost.
  }
}

export function readTrail(): Trail | null {
  try {
    const text = sessionStorage.getItem(KEY);
    return text ? (JSON.parse(text) as Trail) : null;
  } catch {
    return null;
  }
}

export const idsOf = (items: Schemas["ComplaintSummary"][]) => items.map(({ id }) => id);
