import { useLingui } from "@lingui/react/macro";
import { Select } from "antd";
import { useState } from "react";
import { $api } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { useDebounced } from "./useDebounced";

interface MemberSelectProps {
  id: string;
  label: string;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  /** Who is not offered. */
  without?: string;
}

/** A member found by typing a part of the name; the unit stands beside it, for many are called alike. */
export function MemberSelect({ id, label, value, onChange, without }: MemberSelectProps) {
  const { t, i18n } = useLingui();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim());
  const found = $api.useQuery("get", "/api/v1/members", {
    params: { query: { limit: 20, ...(q ? { q } : {}) } },
  });
  const chosen = useMember(value);
  const items = (found.data?.items ?? []).filter((member) => member.id !== without);
  if (chosen && !items.some((member) => member.id === chosen.id)) items.unshift(chosen);
  return (
    <Select
      id={id}
      aria-label={label}
      value={value}
      onChange={(next: string | undefined) => onChange(next)}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={t`输入姓名查找`}
      loading={found.isFetching}
      style={{ width: "100%" }}
      notFoundContent={found.isFetching ? t`正在找…` : t`没有找到这个人`}
      options={items.map((member) => ({
        value: member.id,
        label: (
          <>
            {nameIn(i18n.locale, member)}
            <span className="m xs">
              　{nameIn(i18n.locale, member.unit)} {(i18n.locale === "en" && member.post_en) || member.post}
            </span>
          </>
        ),
      }))}
    />
  );
}

export function useMember(id: string | undefined) {
  const query = { params: { path: { member_id: id ?? "" } } };
  return $api.useQuery("get", "/api/v1/members/{member_id}", query, {
    enabled: Boolean(id),
    staleTime: 60_000,
  }).data;
}
