import type { LoadMessages } from "../../shared/i18n";

export const loadMessages: LoadMessages = (locale) =>
  locale === "en" ? import("../../locales/console/en.po") : import("../../locales/console/zh-CN.po");
