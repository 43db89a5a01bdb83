const formats = new Map<string, Intl.DateTimeFormat>();

/** "1日(周四)" and "Thu 1": the month stands above. With it where it is another one. */
export function formatDay(day: string, locale: string, withMonth = false): string {
  const isEnglish = locale === "en";
  const key = `${locale}${withMonth}`;
  const format =
    formats.get(key) ??
    new Intl.DateTimeFormat(isEnglish ? "en-GB" : "zh-CN", {
      timeZone: "UTC",
      month: isEnglish ? "short" : "numeric",
      day: "numeric",
      weekday: "short",
    });
  formats.set(key, format);
  const parts = Object.fromEntries(
    format.formatToParts(new Date(`${day}T00:00:00Z`)).map(({ type, value }) => [type, value]),
  );
  const number = parts.day?.replace("日", "");
  if (isEnglish) return `${parts.weekday} ${number}${withMonth ? ` ${parts.month}` : ""}`;
  return `${withMonth ? `${parts.month?.replace("月", "")}月` : ""}${number}日(${parts.weekday})`;
}
