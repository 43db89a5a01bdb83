import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { BATCH, type Challenge } from "./challenge";

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
