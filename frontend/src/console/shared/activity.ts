/**
 * When somebody last did something here, in any tab. What a page asks for by itself keeps a session going on the server, so
 * only the browser knows that nobody sits there any more.
 */
const KEY = "liangnuo.active";
const NOTED_EVERY_MS = 5_000;

let noted = 0;

function stored(): number {
  try {
    return Number(localStorage.getItem(KEY)) || 0;
  } catch {
    return 0;
  }
}

export const activity = {
  /** Somebody did something. */
  note(now = Date.now()) {
    if (now - noted < NOTED_EVERY_MS && now >= noted) return;
    noted = now;
    try {
      localStorage.setItem(KEY, String(now));
    } catch {
      // Without a store each tab counts for itself.
    }
  },
  /** Milliseconds since then. */
  idleMs(now = Date.now()) {
    return Math.max(0, now - Math.max(noted, stored()));
  },
};
