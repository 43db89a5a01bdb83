import { useLingui } from "@lingui/react/macro";
import { Dropdown } from "antd";
import { Icon } from "../shared/Icon";
import { FORMATS, type Format, useExport } from "../shared/useExport";
import type { LogFilters, Order } from "./filters";

interface LogExportMenuProps {
  filters: LogFilters;
  order: Order;
}

/** All pages of what the log is narrowed down to, as a file. */
export function LogExportMenu({ filters, order }: LogExportMenuProps) {
  const { t } = useLingui();
  const { isBusy, labels, take } = useExport("/api/v1/events/export");
  return (
    <Dropdown
      trigger={["click"]}
      disabled={isBusy}
      menu={{
        items: FORMATS.map((format) => ({ key: format, label: labels[format] })),
        onClick: ({ key }) => void take(t`事件日志`, key as Format, { ...filters, sort: order }),
      }}
    >
      <button
        type="button"
        className="btn sm"
        aria-label={t`导出日志`}
        aria-haspopup="menu"
        aria-busy={isBusy}
      >
        <Icon name="download" small />
        {t`导出`}
      </button>
    </Dropdown>
  );
}
