import type { LoadMessages } from "../shared/i18n";

export const loadMessages: LoadMessages = (locale) =>
  locale === "en" ? import("../locales/public/en.po") : import("../locales/public/zh-CN.po");
