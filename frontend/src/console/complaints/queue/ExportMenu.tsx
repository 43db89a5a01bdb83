import { useLingui } from "@lingui/react/macro";
import { DownloadMenu } from "../../shared/DownloadMenu";
import type { Filters, Sort } from "../../shared/filters";

interface ExportMenuProps {
  filters: Filters;
  sort: Sort;
}

/** The whole list that the page shows a part of, as a file. */
export function ExportMenu({ filters, sort }: ExportMenuProps) {
  const { t } = useLingui();
  const query = { ...filters, sort };
  return <DownloadMenu path="/api/v1/complaints/export" query={query} name={t`办件`} label={t`导出列表`} />;
}
