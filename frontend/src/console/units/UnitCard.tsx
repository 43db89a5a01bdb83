import { Trans, useLingui } from "@lingui/react/macro";
import { type ComponentType, useState } from "react";
import { Link } from "react-router";
import { $api } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { unitKindLabels } from "../../shared/labels";
import { ErrorNotice } from "../shared/ErrorNotice";
import { queueLink } from "../shared/filters";
import { Icon } from "../shared/Icon";
import { wordFor } from "../shared/labels";
import { useMay } from "../shared/me";
import { Skeleton } from "../shared/parts";
import { OPEN } from "../shared/states";
import { MergeUnitForm, SplitUnitForm } from "./SuccessionForms";
import { Successions } from "./SuccessionOutcome";
import { CloseUnitForm, CreateUnitForm, EditUnitForm, MoveUnitForm } from "./UnitForms";
import { UnitQr } from "./UnitQr";
import { type Unit, useRefreshUnits } from "./useUnits";

type Action = Unit["allowed_actions"][number];

interface FormProps {
  unit: Unit;
  onClose: () => void;
  onSaved: (unit: Unit) => void;
  onRefresh: () => void;
}

const forms: Record<Action, ComponentType<FormProps>> = {
  edit: EditUnitForm,
  move: MoveUnitForm,
  merge: MergeUnitForm,
  split: SplitUnitForm,
  close: CloseUnitForm,
  create_child: CreateUnitForm,
};

interface UnitCardProps {
  id: string;
  onClose: () => void;
  onChoose: (id: string) => void;
}

/** A unit, and what may be done with it. A new one is shown at once. */
export function UnitCard({ id, onClose, onChoose }: UnitCardProps) {
  const { t, i18n } = useLingui();
  const refresh = useRefreshUnits();
  const [doing, setDoing] = useState<Action | null>(null);
  const {
    data: unit,
    error,
    refetch,
  } = $api.useQuery("get", "/api/v1/units/{unit_id}", {
    params: { path: { unit_id: id } },
  });
  if (error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!unit) return <Skeleton lines={6} label={t`正在取单位`} />;
  const Form = doing ? forms[doing] : null;
  return (
    <section className="panel sidecard" aria-labelledby="unit-head">
      <div className="ph">
        <h2 id="unit-head" className="sp">
          {nameIn(i18n.locale, unit)}
        </h2>
        <button type="button" className="ib" aria-label={t`收起`} onClick={onClose}>
          <Icon name="close" small />
        </button>
      </div>
      <div className="pb">
        <Facts unit={unit} />
        <Successions unit={unit} />
        <Links unit={unit} />
        {!unit.closed_at && <UnitQr unit={unit} />}
      </div>
      <Actions unit={unit} onDo={setDoing} />
      {Form && (
        <Form
          unit={unit}
          onClose={() => setDoing(null)}
          onRefresh={() => void refetch()}
          onSaved={(saved) => {
            setDoing(null);
            void refresh();
            if (saved.id !== id) onChoose(saved.id);
          }}
        />
      )}
    </section>
  );
}

function Facts({ unit }: { unit: Unit }) {
  const { t, i18n } = useLingui();
  const facts: [string, string | null][] = [
    [t`类型`, t(wordFor(unitKindLabels, unit.kind))],
    [t`单位编码`, unit.code],
    [t`上级`, unit.path.map((above) => nameIn(i18n.locale, above)).join(" / ") || null],
    [i18n.locale === "en" ? t`中文名` : t`英文名`, i18n.locale === "en" ? unit.name : unit.name_en],
    [t`负责人`, unit.head],
    [t`公开电话`, unit.hotline],
    [t`地址`, unit.address],
    [t`开放时间`, unit.opening_hours],
    [t`撤销时间`, unit.closed_at && formatWhen(unit.closed_at, i18n.locale)],
  ];
  return (
    <dl className="facts">
      {facts.map(
        ([label, value]) =>
          value && (
            <div key={label} style={{ display: "contents" }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Links({ unit }: { unit: Unit }) {
  const may = useMay();
  return (
    <p className="row wrap" style={{ marginTop: 12, gap: 16 }}>
      {may("complaints.list") && (
        <Link to={queueLink({ unit_id: unit.id, state: OPEN }, {}, "due_at")}>
          <Trans>它的未办结的件</Trans>
        </Link>
      )}
      {may("members.list") && (
        <Link to={`/members?unit_id=${unit.id}`}>
          <Trans>它的成员</Trans>
        </Link>
      )}
    </p>
  );
}

function Actions({ unit, onDo }: { unit: Unit; onDo: (action: Action) => void }) {
  const { t } = useLingui();
  const all: [Action, string, string][] = [
    ["create_child", t`新建下级`, "btn sm"],
    ["edit", t`修改`, "btn sm"],
    ["move", t`移动`, "btn sm"],
    ["merge", t`合并`, "btn sm"],
    ["split", t`拆分`, "btn sm"],
    ["close", t`撤销`, "btn sm dz"],
  ];
  const allowed = all.filter(([action]) => unit.allowed_actions.includes(action));
  if (allowed.length === 0) return null;
  return (
    <div className="ef">
      {allowed.map(([action, label, look]) => (
        <button key={action} type="button" className={look} onClick={() => onDo(action)}>
          {label}
        </button>
      ))}
    </div>
  );
}
