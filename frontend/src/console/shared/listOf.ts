/** Words one after another, as the reader's language separates them. */
export function listOf(locale: string, words: string[]): string {
  return words.join(locale === "en" ? ", " : "、");
}
