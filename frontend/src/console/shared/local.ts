import { useCallback, useState } from "react";
import { storage } from "../../shared/storage";

/** What this device remembers for its user: columns, views, drafts. Never anything that opens a session. */
export function readLocal<T>(key: string, fallback: T): T {
  const text = storage.get(key);
  if (!text) return fallback;
  try {
    return JSON.parse(text) as T;
  } catch {
    return fallback;
  }
}

export function useLocal<T>(key: string, fallback: T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => readLocal(key, fallback));
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      storage.set(key, JSON.stringify(next));
    },
    [key],
  );
  return [value, keep];
}
