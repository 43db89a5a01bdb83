import { useLingui } from "@lingui/react/macro";
import { Select } from "antd";
import { useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { useDebounced } from "./useDebounced";

interface UnitSelectProps {
  id?: string;
  value?: string;
  onChange: (id: string | undefined) => void;
  kind?: Schemas["OrgUnitKind"];
  placeholder?: string;
  label: string;
  isOpen?: boolean;
  isClearable?: boolean;
}

/** A unit found by typing a part of its name: a county has hundreds, so the server searches. */
export function UnitSelect({
  id,
  value,
  onChange,
  kind,
  placeholder,
  label,
  isOpen,
  isClearable,
}: UnitSelectProps) {
  const { t, i18n } = useLingui();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim());
  const found = $api.useQuery("get", "/api/v1/units", {
    params: { query: { limit: 20, ...(q ? { q } : {}), ...(kind ? { kind } : {}) } },
  });
  const chosen = useUnit(value);
  const items = [...(found.data?.items ?? [])];
  if (chosen && !q && !items.some((unit) => unit.id === chosen.id)) items.unshift(chosen);
  return (
    <Select
      id={id}
      aria-label={label}
      value={value}
      onChange={(next: string | undefined) => onChange(next)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear={isClearable}
      placeholder={placeholder ?? t`输入单位名称`}
      loading={found.isFetching}
      open={isOpen}
      style={{ width: "100%" }}
      notFoundContent={found.isFetching ? t`正在找…` : t`没有这个名字的单位`}
      options={items.map((unit) => ({
        value: unit.id,
        label: <UnitOption unit={unit} locale={i18n.locale} />,
      }))}
    />
  );
}

function UnitOption({ unit, locale }: { unit: Schemas["OrgUnit"]; locale: string }) {
  const parent = unit.path.at(-1);
  return (
    <>
      {nameIn(locale, unit)}
      {parent && <span className="m xs">　{nameIn(locale, parent)}</span>}
    </>
  );
}

export function useUnit(id: string | undefined) {
  const query = { params: { path: { unit_id: id ?? "" } } };
  return $api.useQuery("get", "/api/v1/units/{unit_id}", query, { enabled: Boolean(id), staleTime: 300_000 })
    .data;
}
