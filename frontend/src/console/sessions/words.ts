import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";

/** What a session was begun with. The types hold them to the server's lists. */
export const browserWords: Record<Schemas["SessionBrowser"], MessageDescriptor> = {
  chrome: msg`Chrome或同类浏览器`,
  edge: msg`Edge`,
  firefox: msg`Firefox`,
  safari: msg`Safari`,
  wechat: msg`微信`,
  wecom: msg`企业微信`,
  dingtalk: msg`钉钉`,
  other: msg`其他程序`,
};

/** What it runs on; of what does not tell, nothing is said. */
export const systemWords: Record<Exclude<Schemas["SessionSystem"], "other">, MessageDescriptor> = {
  windows: msg`Windows`,
  macos: msg`macOS`,
  linux: msg`Linux`,
  android: msg`安卓`,
  harmony: msg`鸿蒙`,
  ios: msg`iPhone或iPad`,
};
