import { useRef } from "react";
import { newUuid } from "../../shared/uuid";

/**
 * The Idempotency-Key for a body: the same body sent again, after a broken line or a second press, carries the same
 * key and so creates one thing; a corrected body carries a new one.
 */
export function useKeyFor() {
  const kept = useRef({ body: "", key: "" });
  return (body: object) => {
    const text = JSON.stringify(body);
    if (kept.current.body !== text) kept.current = { body: text, key: newUuid() };
    return { "Idempotency-Key": kept.current.key };
  };
}
