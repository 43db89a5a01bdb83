import type { Schemas } from "../../../api/client";

export type Challenge = Schemas["Challenge"];

/** How many numbers are tried between two reports of progress. */
export const BATCH = 2_000;

/** What the server wants in the field `altcha`. */
export function encodeSolution(challenge: Challenge, number: number): string {
  const { algorithm, challenge: hash, salt, signature } = challenge;
  const json = JSON.stringify({ algorithm, challenge: hash, number, salt, signature });
  return btoa(String.fromCharCode(...new TextEncoder().encode(json)));
}
