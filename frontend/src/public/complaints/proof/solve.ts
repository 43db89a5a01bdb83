import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Schemas } from "../../../api/client";

export type Challenge = Schemas["Challenge"];

/** How many numbers are tried between two reports of progress. */
export const BATCH = 2_000;

/**
 * The numbers from `from` on, one batch: the one whose hash with the salt is the challenge, or null.
 * The hash is written in JavaScript since browsers withhold theirs (crypto.subtle) from pages on plain http.
 */
export function tryBatch(challenge: Challenge, from: number): number | null {
  const last = Math.min(from + BATCH - 1, challenge.maxnumber);
  for (let number = from; number <= last; number++) {
    if (bytesToHex(sha256(utf8ToBytes(`${challenge.salt}${number}`))) === challenge.challenge) return number;
  }
  return null;
}

/** What the server wants in the field `altcha`. */
export function encodeSolution(challenge: Challenge, number: number): string {
  const { algorithm, challenge: hash, salt, signature } = challenge;
  const json = JSON.stringify({ algorithm, challenge: hash, number, salt, signature });
  return btoa(String.fromCharCode(...utf8ToBytes(json)));
}
