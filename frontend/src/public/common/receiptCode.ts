/** 24 characters of Crockford's base 32: no I, L, O or U, so that a code survives handwriting and a telephone. */
const LENGTH = 24;
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]+$/;

/** What was typed, as the server wants it: spaces and dashes gone, capitals, look-alikes put right. */
export function normaliseCode(typed: string): string {
  return typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\-‐-―_.·]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
}

export function isCompleteCode(code: string): boolean {
  return code.length === LENGTH && ALPHABET.test(code);
}

export type CodeFault = "empty" | "too_short" | "too_long" | "strange";

export function codeFault(code: string): CodeFault | null {
  if (code === "") return "empty";
  if (!ALPHABET.test(code)) return "strange";
  if (code.length < LENGTH) return "too_short";
  return code.length > LENGTH ? "too_long" : null;
}

// The code opens a case to whoever has it. So it is handed from page to page in memory: never in an address, where
// histories, proxies and shared links would keep it, and never in storage, where the next user of the device finds it.
let handed: string | null = null;

export function handOverCode(code: string) {
  handed = code;
}

/** Looking does not take it: React may build the page that asks for it twice. */
export function peekHandedCode(): string | null {
  return handed;
}

export function dropHandedCode() {
  handed = null;
}
