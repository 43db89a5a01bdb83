import { useLingui } from "@lingui/react/macro";
import { Select } from "antd";
import { $api, type Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { PanelChip } from "./Chip";
import type { ChipProps } from "./FilterChips";

type Category = Schemas["CategoryItem"];

/** From the top to the category itself. */
function pathOf(category: Category, all: Category[], locale: string): string {
  const parent = all.find(({ id }) => id === category.parent_id);
  const name = nameIn(locale, category);
  return parent?.parent_id ? `${pathOf(parent, all, locale)} / ${name}` : name;
}

/** A category, with those below it. */
export function CategoryChip({ filters, onChange }: ChipProps) {
  const { t, i18n } = useLingui();
  const { data } = $api.useQuery("get", "/api/v1/categories", {
    params: { query: { include_closed: true } },
  });
  const all = data?.items ?? [];
  const chosen = all.find(({ id }) => id === filters.category_id);
  const shown = filters.category_id ? (chosen ? nameIn(i18n.locale, chosen) : "…") : "";
  const set = (category_id?: string) => onChange({ ...filters, category_id, category_only: undefined });
  return (
    <PanelChip label={t`类别`} none={t`全部`} shown={shown} onClear={() => set()}>
      {(close) => (
        <Select
          aria-label={t`类别`}
          value={filters.category_id}
          style={{ width: 320, maxWidth: "100%" }}
          placeholder={t`输入类别名称`}
          showSearch={{ optionFilterProp: "label" }}
          options={all.map((category) => ({
            value: category.id,
            label: pathOf(category, all, i18n.locale),
          }))}
          onChange={(id: string) => {
            set(id);
            close();
          }}
        />
      )}
    </PanelChip>
  );
}
