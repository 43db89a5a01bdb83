/**
 * Whether somebody is being asked who they are. Requests that the server refuses until one has confirmed wait here for the
 * answer; many at once share one dialog.
 */
let waiting: { answer: Promise<boolean>; settle: (isConfirmed: boolean) => void } | null = null;
const listeners = new Set<() => void>();

function tell() {
  for (const listener of listeners) listener();
}

export const confirmation = {
  isAsked: () => waiting !== null,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  /** True once it is confirmed, false where one would rather not. */
  ask(): Promise<boolean> {
    if (!waiting) {
      let settle: (isConfirmed: boolean) => void = () => undefined;
      const answer = new Promise<boolean>((resolve) => {
        settle = resolve;
      });
      waiting = { answer, settle };
      tell();
    }
    return waiting.answer;
  },
  settle(isConfirmed: boolean) {
    const { settle } = waiting ?? {};
    waiting = null;
    settle?.(isConfirmed);
    tell();
  },
};
