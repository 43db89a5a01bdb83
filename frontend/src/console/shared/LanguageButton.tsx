import { useLingui } from "@lingui/react/macro";
import { switchLocale } from "../../shared/i18n";
import { Icon } from "./Icon";
import { loadMessages } from "./messages";

/** Says the other language in that language. */
export function LanguageButton() {
  const { i18n } = useLingui();
  const isChinese = i18n.locale !== "en";
  return (
    <button
      type="button"
      className="btn t"
      lang={isChinese ? "en" : "zh-CN"}
      onClick={() => void switchLocale(isChinese ? "en" : "zh-CN", loadMessages)}
    >
      <Icon name="globe" small />
      <span>{isChinese ? "English" : "中文"}</span>
    </button>
  );
}
