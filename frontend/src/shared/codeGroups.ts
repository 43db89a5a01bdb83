/** A receipt code in groups of four, as it is written down and read out. */
export function groupsOf(code: string): string[] {
  return code.match(/.{1,4}/g) ?? [];
}
