import { useSyncExternalStore } from "react";

export function useIsOffline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      globalThis.addEventListener("online", listener);
      globalThis.addEventListener("offline", listener);
      return () => {
        globalThis.removeEventListener("online", listener);
        globalThis.removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine === false,
  );
}
