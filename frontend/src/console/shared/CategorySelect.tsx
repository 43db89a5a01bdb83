import { useLingui } from "@lingui/react/macro";
import { Select } from "antd";
import { $api, type Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";

type Category = Schemas["CategoryItem"];

/** Stands for the cases without a category. */
export const NONE = "none";

/** The catalogue in its order, closed ones too: old cases are still in them. Asked for only where it is needed. */
export function useCategories(isNeeded: boolean): Category[] {
  const { data } = $api.useQuery(
    "get",
    "/api/v1/categories",
    { params: { query: { include_closed: true } } },
    { enabled: isNeeded, staleTime: 300_000 },
  );
  return data?.items ?? [];
}

interface CategorySelectProps {
  label: string;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

/** A category found by typing a part of its name; those below one stand indented under it. */
export function CategorySelect({ label, value, onChange }: CategorySelectProps) {
  const { t, i18n } = useLingui();
  const categories = useCategories(true);
  const none = { value: NONE, name: t`未分类`, depth: 1 };
  const options = categories.map((one) => ({
    value: one.id,
    name: nameIn(i18n.locale, one),
    depth: one.depth,
  }));
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(next: string | undefined) => onChange(next)}
      showSearch={{ optionFilterProp: "name" }}
      placeholder={t`输入分类名称`}
      style={{ width: "100%" }}
      notFoundContent={t`没有这个名字的分类`}
      options={[none, ...options].map(({ value: id, name, depth }) => ({
        value: id,
        name,
        label: <span style={{ paddingLeft: (depth - 1) * 16 }}>{name}</span>,
      }))}
    />
  );
}
