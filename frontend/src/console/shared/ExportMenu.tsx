import { useLingui } from "@lingui/react/macro";
import { Dropdown } from "antd";
import { Icon } from "./Icon";
import { FORMATS, type Format, useExport } from "./useExport";

interface ExportMenuProps {
  /** Where the list is exported. */
  path: string;
  /** What the file is called. */
  name: string;
  /** What the list is narrowed down to. */
  query: object;
}

/** The whole list that the page shows a part of, as a file. */
export function ExportMenu({ path, name, query }: ExportMenuProps) {
  const { t } = useLingui();
  const { isBusy, labels, take } = useExport(path);
  return (
    <Dropdown
      trigger={["click"]}
      disabled={isBusy}
      menu={{
        items: FORMATS.map((format) => ({ key: format, label: labels[format] })),
        onClick: ({ key }) => void take(name, key as Format, query),
      }}
    >
      <button type="button" className="btn" aria-label={t`导出列表`} aria-haspopup="menu" aria-busy={isBusy}>
        <Icon name="download" />
        {t`导出`}
      </button>
    </Dropdown>
  );
}
