import { Trans, useLingui } from "@lingui/react/macro";
import { Dropdown } from "antd";
import type { Filters } from "../shared/filters";
import { Icon } from "../shared/Icon";
import { FORMATS, type Format, useExport } from "../shared/useExport";

interface ReportMenuProps {
  filters: Filters;
  /** The table that one looks at, and what it alone is narrowed down to. */
  table: { code: string; name: string; filters: Filters };
}

/** The figures as a file: a workbook with all tables, or the table one looks at, or the months, with commas. */
export function ReportMenu({ filters, table }: ReportMenuProps) {
  const { t } = useLingui();
  const { isBusy, labels, take } = useExport("/api/v1/statistics/complaints/export");
  const tables = [table, { code: "months", name: t`按月份`, filters: {} }];
  const commas = (code: string) =>
    FORMATS.filter((format) => format !== "xlsx").map((format) => ({
      key: `${format} ${code}`,
      label: labels[format],
    }));
  function onClick({ key }: { key: string }) {
    const [format, code] = key.split(" ");
    const one = tables.find((known) => known.code === code);
    void take(t`统计`, format as Format, { ...filters, ...one?.filters, ...(code ? { table: code } : {}) });
  }
  return (
    <Dropdown
      trigger={["click"]}
      disabled={isBusy}
      menu={{
        items: [
          { key: "xlsx", label: t`Excel 工作簿，全部表` },
          ...tables.map(({ code, name }) => ({
            key: code,
            type: "group" as const,
            label: name,
            children: commas(code),
          })),
        ],
        onClick,
      }}
    >
      <button type="button" className="btn" aria-haspopup="menu" aria-busy={isBusy}>
        <Icon name="download" />
        <Trans>导出</Trans>
      </button>
    </Dropdown>
  );
}
