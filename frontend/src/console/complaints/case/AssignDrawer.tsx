import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer } from "antd";
import { type ReactNode, useState } from "react";
import { $api, type Schemas } from "../../../api/client";
import { fieldErrors } from "../../../api/problem";
import { nameIn } from "../../../shared/i18n";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { AreaField, Field } from "../../shared/Field";
import { BusyButton, Note, Skeleton } from "../../shared/parts";
import { UnitSelect } from "../../shared/UnitSelect";
import { useIsPhone } from "../../shared/useMedia";
import type { CaseActions } from "./useCase";
import type { Case } from "./verbs";

interface AssignDrawerProps {
  complaint: Case;
  actions: CaseActions;
  onClose: () => void;
}

/** To which unit, to whom there, with what in mind. */
export function AssignDrawer({ complaint, actions, onClose }: AssignDrawerProps) {
  const { t } = useLingui();
  const isPhone = useIsPhone();
  const isObjected = complaint.state === "objected";
  const notBy = complaint.redo?.not_by ?? undefined;
  // Leaving the unit as it is would turn the objection down: that is decided, not overlooked.
  const [unit, setUnit] = useState<string | undefined>(
    isObjected ? undefined : (complaint.about_unit?.id ?? complaint.unit.id),
  );
  const [handler, setHandler] = useState<string | undefined>(
    isObjected || complaint.handler?.id === notBy?.id ? undefined : complaint.handler?.id,
  );
  const [note, setNote] = useState("");
  const refused = actions.refusal?.verb === "assign" ? actions.refusal.error : null;
  const wrong = fieldErrors(refused);
  const go = async () => {
    if (!unit) return;
    const text = note.trim();
    const body = {
      unit_id: unit,
      ...(handler ? { handler_id: handler } : {}),
      ...(text ? { note: text } : {}),
    };
    if (await actions.run("assign", body)) onClose();
  };
  return (
    <Drawer
      open
      onClose={onClose}
      title={t`交办：${complaint.number}`}
      size={isPhone ? "100%" : 440}
      mask={{ closable: false }}
      footer={
        <div className="row">
          <span className="m xs sp">
            <Trans>办理时限不变，承办单位马上看得到</Trans>
          </span>
          <BusyButton
            className="btn p"
            isBusy={actions.running === "assign"}
            disabled={!unit}
            onClick={() => void go()}
          >
            <Trans>交办</Trans>
          </BusyButton>
        </div>
      }
    >
      {Boolean(refused) && (
        <div style={{ marginBottom: 12 }}>
          <ErrorNotice error={refused} />
        </div>
      )}
      {isObjected && <Objection complaint={complaint} unit={unit} />}
      <Field id="assign-unit" label={t`承办单位`} error={wrong.unit_id}>
        <UnitSelect
          id="assign-unit"
          label={t`承办单位`}
          value={unit}
          onChange={(id) => {
            setUnit(id);
            setHandler(undefined);
          }}
        />
      </Field>
      {unit && (
        <Assignees
          complaintId={complaint.id}
          unit={unit}
          notBy={notBy?.id}
          value={handler}
          onChange={setHandler}
        />
      )}
      <AreaField
        id="assign-note"
        label={t`交代一句`}
        hint={t`承办人看得到，投诉人看不到`}
        error={wrong.note}
        isOptional
        rows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </Drawer>
  );
}

/** What the unit says against having it, and which answer the choice of a unit gives to that. */
function Objection({ complaint, unit }: { complaint: Case; unit: string | undefined }) {
  const { i18n } = useLingui();
  const said = complaint.timeline.findLast(({ action }) => action === "objected")?.note;
  const name = nameIn(i18n.locale, complaint.unit);
  return (
    <div style={{ marginBottom: 12 }}>
      <Note tone="so">
        <b>
          <Trans>{name}提出异议</Trans>
        </b>
        {said && <p className="pre">{said}</p>}
        <p role="status">
          {!unit && <Trans>交给别的单位，异议成立；仍交给它，异议不成立，它不能再提。</Trans>}
          {unit === complaint.unit.id && <Trans>仍交给它：异议不成立，它不能再提。</Trans>}
          {unit && unit !== complaint.unit.id && <Trans>交给别的单位：异议成立。</Trans>}
        </p>
      </Note>
    </div>
  );
}

interface AssigneesProps {
  complaintId: string;
  /** Whose answer did not satisfy: they do not write the next one. */
  notBy?: string;
  unit: string;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

function Assignees({ complaintId, unit, notBy, value, onChange }: AssigneesProps) {
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/complaints/{complaint_id}/assignees", {
    params: { path: { complaint_id: complaintId }, query: { unit_id: unit } },
  });
  return (
    <AssigneeChoice
      people={data?.items}
      error={error}
      refetch={() => void refetch()}
      notBy={notBy}
      value={value}
      onChange={onChange}
    />
  );
}

interface AssigneeChoiceProps extends Pick<AssigneesProps, "notBy" | "value" | "onChange"> {
  people: readonly Schemas["AssigneeItem"][] | undefined;
  error: unknown;
  refetch: () => void;
  /** What to say where there is nobody. */
  children?: ReactNode;
}

/** One of the people who can be given it, or the unit as a whole. */
export function AssigneeChoice(props: AssigneeChoiceProps) {
  const { people, error, refetch, notBy, value, onChange, children } = props;
  const { t, i18n } = useLingui();
  if (error) return <ErrorNotice error={error} retry={refetch} />;
  if (!people) return <Skeleton lines={3} label={t`正在取承办人`} />;
  return (
    <fieldset className="fld">
      <legend className="lab">{t`承办人`}</legend>
      <div className="pick">
        <label>
          <input type="radio" name="handler" checked={!value} onChange={() => onChange(undefined)} />
          <Trans>先交到单位，由单位指定</Trans>
        </label>
        {people.map((person) => (
          <label key={person.id}>
            <input
              type="radio"
              name="handler"
              disabled={person.id === notBy}
              checked={value === person.id}
              onChange={() => onChange(person.id)}
            />
            <span>
              {nameIn(i18n.locale, person)}{" "}
              <span className="m xs">
                {person.id === notBy ? t`投诉人要求换人办` : nameIn(i18n.locale, person.unit)}
              </span>
            </span>
            <span className="sp" />
            <span className="m xs nb">
              <Trans>手上{person.open_cases}件</Trans>
            </span>
          </label>
        ))}
      </div>
      {people.length === 0 && (
        <p className="hint">
          {children || <Trans>这个单位还没有投诉受理岗。可以先交到单位，再请系统管理员设岗。</Trans>}
        </p>
      )}
    </fieldset>
  );
}
