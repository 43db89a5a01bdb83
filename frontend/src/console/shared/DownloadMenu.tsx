import { useLingui } from "@lingui/react/macro";
import { App, Dropdown } from "antd";
import { download } from "./bearer";
import { explain } from "./explain";
import { Icon } from "./Icon";
import { useOnce } from "./useOnce";

const FORMATS = ["xlsx", "csv", "csv-gb18030"] as const;
type Format = (typeof FORMATS)[number];

interface DownloadMenuProps {
  /** Where the file comes from. */
  path: string;
  /** What it is narrowed down by. */
  query: object;
  /** The file's name without its ending. */
  name: string;
  label: string;
}

/** What the page shows, as a file in one of three formats. */
export function DownloadMenu({ path, query, name, label }: DownloadMenuProps) {
  const { t } = useLingui();
  const { message } = App.useApp();
  const { isBusy, once } = useOnce();
  const labels: Record<Format, string> = {
    xlsx: t`Excel 工作簿`,
    csv: t`CSV（UTF-8）`,
    "csv-gb18030": t`CSV（GB 18030，旧软件用）`,
  };
  const take = (format: Format) =>
    once(async () => {
      const key = "export";
      message.open({ key, type: "loading", content: t`正在导出，件多时要等一会儿`, duration: 0 });
      try {
        const file = `${name}.${format === "xlsx" ? "xlsx" : "csv"}`;
        await download(path, file, { ...query, format });
        message.open({ key, type: "success", content: t`已导出，在浏览器的下载里` });
      } catch (error) {
        const { title, todo } = explain(error);
        message.open({ key, type: "error", content: `${t(title)} ${t(todo)}`, duration: 8 });
      }
    });
  return (
    <Dropdown
      trigger={["click"]}
      disabled={isBusy}
      menu={{
        items: FORMATS.map((format) => ({ key: format, label: labels[format] })),
        onClick: ({ key }) => void take(key as Format),
      }}
    >
      <button
        type="button"
        className="ib"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-busy={isBusy}
      >
        <Icon name="download" />
      </button>
    </Dropdown>
  );
}
