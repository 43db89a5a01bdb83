import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer, Select } from "antd";
import { useState } from "react";
import { $api } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { Field } from "../../shared/Field";
import { useMay } from "../../shared/me";
import { BusyButton, Note } from "../../shared/parts";
import { useDebounced } from "../../shared/useDebounced";
import { useIsPhone } from "../../shared/useMedia";
import type { CaseActions } from "./useCase";
import type { Case } from "./verbs";

interface AccusedDrawerProps {
  complaint: Case;
  actions: CaseActions;
  onClose: () => void;
}

/** Whom the report accuses: from then on the case is the inspectors' alone. */
export function AccusedDrawer({ complaint, actions, onClose }: AccusedDrawerProps) {
  const { t } = useLingui();
  const isPhone = useIsPhone();
  const maySearch = useMay()("members.list");
  const [members, setMembers] = useState(
    complaint.accused.flatMap(({ member }) => (member ? [member.id] : [])),
  );
  const [units, setUnits] = useState(complaint.accused.flatMap(({ unit }) => (unit ? [unit.id] : [])));
  const refused = actions.refusal?.verb === "name_accused" ? actions.refusal.error : null;
  const go = async () => {
    if (await actions.run("name_accused", { member_ids: members, unit_ids: units })) onClose();
  };
  return (
    <Drawer
      open
      onClose={onClose}
      title={t`指明被举报人：${complaint.number}`}
      size={isPhone ? "100%" : 440}
      mask={{ closable: false }}
      footer={
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <BusyButton className="btn p" isBusy={actions.running === "name_accused"} onClick={() => void go()}>
            <Trans>记下</Trans>
          </BusyButton>
        </div>
      }
    >
      {Boolean(refused) && <ErrorNotice error={refused} />}
      <div style={{ margin: "0 0 16px" }}>
        <Note tone="so" icon="lock">
          <Trans>
            指明后，这一件只由县里的纪检督查接着办：承办单位和机关其他人都看不到了，列表、搜索和统计里也没有。被指明的人即使在纪检督查岗，也看不到。
          </Trans>
        </Note>
      </div>
      <Field
        id="accused-members"
        label={t`被举报的人`}
        hint={maySearch ? undefined : t`您的角色还不能查成员名册，可以先指明单位。`}
      >
        <Finder
          id="accused-members"
          kind="members"
          known={complaint.accused.flatMap(({ member }) => (member ? [member] : []))}
          isOff={!maySearch}
          value={members}
          onChange={setMembers}
          label={t`被举报的人`}
        />
      </Field>
      <Field id="accused-units" label={t`被举报的单位`}>
        <Finder
          id="accused-units"
          kind="units"
          known={complaint.accused.flatMap(({ unit }) => (unit ? [unit] : []))}
          value={units}
          onChange={setUnits}
          label={t`被举报的单位`}
        />
      </Field>
    </Drawer>
  );
}

interface FinderProps {
  id: string;
  kind: "members" | "units";
  label: string;
  /** Those already named, so that they show as names. */
  known: { id: string; name: string; name_en: string | null }[];
  isOff?: boolean;
  value: string[];
  onChange: (ids: string[]) => void;
}

function Finder({ id, kind, label, known, isOff = false, value, onChange }: FinderProps) {
  const { t, i18n } = useLingui();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim());
  const query = { params: { query: { q, limit: 20 } } };
  const members = $api.useQuery("get", "/api/v1/members", query, {
    enabled: kind === "members" && !isOff && q !== "",
  });
  const units = $api.useQuery("get", "/api/v1/units", query, { enabled: kind === "units" && q !== "" });
  const found =
    kind === "members"
      ? (members.data?.items ?? []).map((member) => ({
          value: member.id,
          label: `${nameIn(i18n.locale, member)}　${nameIn(i18n.locale, member.unit)}`,
        }))
      : (units.data?.items ?? []).map((unit) => ({ value: unit.id, label: nameIn(i18n.locale, unit) }));
  const missing = known.filter((one) => !found.some(({ value: taken }) => taken === one.id));
  const options = [...missing.map((one) => ({ value: one.id, label: nameIn(i18n.locale, one) })), ...found];
  return (
    <>
      <Select
        id={id}
        aria-label={label}
        mode="multiple"
        value={value}
        onChange={onChange}
        showSearch={{ filterOption: false, onSearch: setTyped }}
        options={options}
        placeholder={t`输入名字查找`}
        notFoundContent={q ? t`没有找到` : t`输入名字查找`}
        style={{ width: "100%" }}
      />
      {Boolean(members.error) && <ErrorNotice error={members.error} />}
    </>
  );
}
