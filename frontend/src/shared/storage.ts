function keeperOf(area: () => Storage) {
  return {
    get(key: string): string | null {
      try {
        return area().getItem(key);
      } catch {
        return null;
      }
    },
    /** Says whether it was kept. */
    set(key: string, value: string): boolean {
      try {
        area().setItem(key, value);
        return true;
      } catch {
        return false;
      }
    },
    remove(key: string): void {
      try {
        area().removeItem(key);
      } catch {
        // Nothing was kept, so there is nothing to remove.
      }
    },
  };
}

/** localStorage where the browser grants it. Some phones' embedded browsers throw on every use; then nothing is kept. */
export const storage = keeperOf(() => globalThis.localStorage);

/** The same until the tab is closed: for what the next person at a shared computer shall not find. */
export const tabStorage = keeperOf(() => globalThis.sessionStorage);
