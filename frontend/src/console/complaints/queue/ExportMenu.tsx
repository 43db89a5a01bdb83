import { useLingui } from "@lingui/react/macro";
import { Dropdown } from "antd";
import type { Filters, Sort } from "../../shared/filters";
import { Icon } from "../../shared/Icon";
import { FORMATS, type Format, useExport } from "../../shared/useExport";

interface ExportMenuProps {
  filters: Filters;
  sort: Sort;
}

/** The whole list that the page shows a part of, as a file. */
export function ExportMenu({ filters, sort }: ExportMenuProps) {
  const { t } = useLingui();
  const { isBusy, labels, take } = useExport("/api/v1/complaints/export");
  return (
    <Dropdown
      trigger={["click"]}
      disabled={isBusy}
      menu={{
        items: FORMATS.map((format) => ({ key: format, label: labels[format] })),
        onClick: ({ key }) => void take(t`办件`, key as Format, { ...filters, sort }),
      }}
    >
      <button type="button" className="btn" aria-label={t`导出列表`} aria-haspopup="menu" aria-busy={isBusy}>
        <Icon name="download" />
        {t`导出`}
      </button>
    </Dropdown>
  );
}
