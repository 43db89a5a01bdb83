import { useLingui } from "@lingui/react/macro";
import { App, Dropdown } from "antd";
import { download } from "../../shared/bearer";
import { explain } from "../../shared/explain";
import type { Filters, Sort } from "../../shared/filters";
import { Icon } from "../../shared/Icon";
import { useOnce } from "../../shared/useOnce";

const FORMATS = ["xlsx", "csv", "csv-gb18030"] as const;
type Format = (typeof FORMATS)[number];

interface ExportMenuProps {
  filters: Filters;
  sort: Sort;
}

/** The whole list that the page shows a part of, as a file. */
export function ExportMenu({ filters, sort }: ExportMenuProps) {
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
        const name = `${t`办件`}.${format === "xlsx" ? "xlsx" : "csv"}`;
        await download("/api/v1/complaints/export", name, { ...filters, sort, format });
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
        aria-label={t`导出列表`}
        title={t`导出列表`}
        aria-haspopup="menu"
        aria-busy={isBusy}
      >
        <Icon name="download" />
      </button>
    </Dropdown>
  );
}
