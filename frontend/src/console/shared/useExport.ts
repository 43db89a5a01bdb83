import { useLingui } from "@lingui/react/macro";
import { App } from "antd";
import { download } from "./bearer";
import { explain } from "./explain";
import { useOnce } from "./useOnce";

export const FORMATS = ["xlsx", "csv", "csv-gb18030"] as const;
export type Format = (typeof FORMATS)[number];

/** Takes a file of the server's, and says how it goes: a large one takes a while. */
export function useExport(path: string) {
  const { t } = useLingui();
  const { message } = App.useApp();
  const { isBusy, once } = useOnce();
  const labels: Record<Format, string> = {
    xlsx: t`Excel 工作簿`,
    csv: t`CSV（UTF-8）`,
    "csv-gb18030": t`CSV（GB 18030，旧软件用）`,
  };
  const take = (name: string, format: Format, query: object) =>
    once(async () => {
      const key = "export";
      // A workbook comes in one piece when it is whole; text comes as it is read.
      const isBook = format === "xlsx";
      const content = isBook
        ? t`正在准备工作簿，行多时要半分钟左右；可以去别的页面，但不要关闭或刷新`
        : t`正在导出；可以去别的页面，但不要关闭或刷新`;
      message.open({ key, type: "loading", content, duration: 0 });
      try {
        await download(path, `${name}.${format === "xlsx" ? "xlsx" : "csv"}`, { ...query, format });
        message.open({ key, type: "success", content: t`已导出，在浏览器的下载里` });
      } catch (error) {
        const { title, todo } = explain(error);
        message.open({ key, type: "error", content: `${t(title)} ${t(todo)}`, duration: 8 });
      }
    });
  return { isBusy, labels, take };
}
