/** Copies, or at least selects what is to be copied: on plain http there is no clipboard. Says whether it was copied. */
export async function copyText(text: string, element: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selectAndCopy(element);
  }
}

function selectAndCopy(element: HTMLElement | null): boolean {
  const selection = globalThis.getSelection?.();
  if (!element || !selection) return false;
  const range = document.createRange();
  range.selectNodeContents(element);
  selection.removeAllRanges();
  selection.addRange(range);
  try {
    // Deprecated, and still the only way on plain http.
    return document.execCommand?.("copy") ?? false;
  } catch {
    return false;
  }
}
