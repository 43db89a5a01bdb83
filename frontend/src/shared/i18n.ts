import { i18n, type Messages } from "@lingui/core";
import { storage } from "./storage";

export type Locale = "zh-CN" | "en";
export type LoadMessages = (locale: Locale) => Promise<{ messages: Messages }>;

const KEY = "liangnuo.locale";

export function pickLocale(): Locale {
  const saved = storage.get(KEY);
  if (saved === "zh-CN" || saved === "en") return saved;
  return navigator.language.startsWith("en") ? "en" : "zh-CN";
}

export async function activate(locale: Locale, load: LoadMessages): Promise<void> {
  const { messages } = await load(locale);
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
}

export async function switchLocale(locale: Locale, load: LoadMessages): Promise<void> {
  await activate(locale, load);
  storage.set(KEY, locale);
}

/** The name in the reader's language; not every name has an English form. */
export function nameIn(locale: string, thing: { name: string; name_en?: string | null }): string {
  return (locale === "en" && thing.name_en) || thing.name;
}

export { i18n };
