import { useEffect, useEffectEvent } from "react";

type Keys = Record<string, (event: KeyboardEvent) => void>;

// A box that is ticked is not typed in: the keys go on working after it.
const TYPING =
  "input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=combobox], [role=menu], [role=dialog]";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

/** Enter presses what has the focus; only where nothing has it is it ours. */
function isPressing({ key, target }: KeyboardEvent): boolean {
  return key === "Enter" && target instanceof Element && target.closest("a, button, summary") !== null;
}

/** Single keys work where nothing is being typed, and leave the browser's own combinations alone. */
export function useHotkeys(keys: Keys) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || isPressing(event)) return;
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    run(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
