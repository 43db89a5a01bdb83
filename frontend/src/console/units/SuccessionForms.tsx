import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { api, type Schemas } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { nameIn } from "../../shared/i18n";
import { DoneDrawer } from "../shared/DoneDrawer";
import { ifMatch } from "../shared/etag";
import { AreaField, Field } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { Icon } from "../shared/Icon";
import { Note } from "../shared/parts";
import { UnitSelect } from "../shared/UnitSelect";
import { useSave } from "../shared/useSave";
import { type Part, SplitParts } from "./SplitParts";
import { SuccessionOutcome } from "./SuccessionOutcome";
import type { Unit } from "./useUnits";

type Report = Schemas["UnitSuccessionReport"];

interface FormProps {
  unit: Unit;
  onClose: () => void;
  onSaved: (unit: Unit) => void;
  onRefresh: () => void;
}

/** What both have: a trial first, which any change makes void, then the deed, then what came of it. */
function useTrial(unit: Unit, send: (reason: string, dryRun: boolean) => Promise<Report | undefined>) {
  const saving = useSave();
  const [trial, setTrial] = useState<Report>();
  const [done, setDone] = useState<Report>();
  const changed = () => {
    setTrial(undefined);
    saving.forget();
  };
  const onSave = (form: FormData) =>
    saving.save(async () => {
      const report = await send(String(form.get("reason") ?? "").trim(), !trial);
      if (trial) setDone(report);
      else setTrial(report);
    });
  return { unit, saving, trial, done, changed, onSave };
}

interface FrameProps extends FormProps {
  state: ReturnType<typeof useTrial>;
  title: string;
  deed: ReactNode;
  labels: Record<string, string>;
  children: ReactNode;
}

function Frame({ unit, state, title, deed, labels, children, onClose, onSaved, onRefresh }: FrameProps) {
  const { t } = useLingui();
  const { saving, trial, done, changed, onSave } = state;
  if (done) {
    return (
      <DoneDrawer title={title} onClose={() => onSaved(unit)}>
        <SuccessionOutcome report={done} />
      </DoneDrawer>
    );
  }
  return (
    <FormDrawer
      title={title}
      submit={trial ? deed : <Trans>先看看会怎样</Trans>}
      saving={saving}
      labels={labels}
      prefix="unit-"
      isDanger={Boolean(trial)}
      onSave={onSave}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <div style={{ marginBottom: 16 }}>
        <Note tone="so">
          <Trans>
            未办结的件、成员和下级单位都过去，这个单位就此撤销。办完的件和以前的数字还记在它名下；角色不跟着走，由安全管理员另外授予。
          </Trans>
        </Note>
      </div>
      {children}
      <AreaField
        id="unit-reason"
        name="reason"
        label={labels.reason}
        hint={t`每件未办结的来件里也会记下，如：学校布局调整，见某号文`}
        error={fieldErrors(saving.error).reason}
        maxLength={500}
        onChange={changed}
      />
      {trial && (
        <div role="status">
          <SuccessionOutcome report={trial} />
        </div>
      )}
    </FormDrawer>
  );
}

export function MergeUnitForm(props: FormProps) {
  const { unit } = props;
  const { t, i18n } = useLingui();
  const [into, setInto] = useState<string>();
  const labels = { into_unit_id: t`并入哪个单位`, reason: t`理由` };
  const state = useTrial(unit, async (reason, dry_run) => {
    const { data } = await api.POST("/api/v1/units/{unit_id}/merge", {
      params: { path: { unit_id: unit.id }, header: ifMatch(unit) },
      body: { into_unit_id: into ?? "", reason, dry_run },
    });
    return data;
  });
  return (
    <Frame
      {...props}
      state={state}
      title={t`把“${nameIn(i18n.locale, unit)}”并入其他单位`}
      deed={<Trans>确认合并</Trans>}
      labels={labels}
    >
      <Field
        id="unit-into_unit_id"
        label={labels.into_unit_id}
        error={fieldErrors(state.saving.error).into_unit_id}
      >
        <UnitSelect
          id="unit-into_unit_id"
          label={labels.into_unit_id}
          value={into}
          onChange={(id) => {
            setInto(id);
            state.changed();
          }}
        />
      </Field>
    </Frame>
  );
}

export function SplitUnitForm(props: FormProps) {
  const { unit } = props;
  const { t, i18n } = useLingui();
  const [successors, setSuccessors] = useState<(string | undefined)[]>([undefined, undefined]);
  const [units, setUnits] = useState<Part>({});
  const [members, setMembers] = useState<Part>({});
  const labels: Record<string, string> = { successor_ids: t`承接单位`, reason: t`理由` };
  for (const at of successors.keys()) labels[`successor_ids.${at}`] = t`承接单位${at + 1}`;
  // A part whose successor was taken away again goes to the first, as everything does.
  const partsOf = (parts: Part) => Object.entries(parts).filter(([, to]) => successors.includes(to));
  const state = useTrial(unit, async (reason, dry_run) => {
    const { data } = await api.POST("/api/v1/units/{unit_id}/split", {
      params: { path: { unit_id: unit.id }, header: ifMatch(unit) },
      body: {
        successor_ids: successors.filter((id) => id !== undefined),
        units: partsOf(units).map(([unit_id, to_unit_id]) => ({ unit_id, to_unit_id })),
        members: partsOf(members).map(([member_id, to_unit_id]) => ({ member_id, to_unit_id })),
        reason,
        dry_run,
      },
    });
    return data;
  });
  const wrong = fieldErrors(state.saving.error);
  const choose = (next: (string | undefined)[]) => {
    setSuccessors(next);
    state.changed();
  };
  return (
    <Frame
      {...props}
      state={state}
      title={t`拆分“${nameIn(i18n.locale, unit)}”`}
      deed={<Trans>确认拆分</Trans>}
      labels={labels}
    >
      <p className="hint" style={{ marginBottom: 8 }}>
        <Trans>承接的单位要先建好。没有另外指定的都归第一个；件跟着它的承办人走。</Trans>
      </p>
      {successors.map((id, at) => (
        <Field
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is what the field is
          key={at}
          id={`unit-successor_ids.${at}`}
          label={labels[`successor_ids.${at}`]}
          error={wrong[`successor_ids.${at}`]}
        >
          <div className="row" style={{ gap: 8 }}>
            <UnitSelect
              id={`unit-successor_ids.${at}`}
              label={labels[`successor_ids.${at}`] ?? ""}
              value={id}
              onChange={(next) => choose(successors.map((old, n) => (n === at ? next : old)))}
            />
            {successors.length > 2 && (
              <button
                type="button"
                className="ib"
                aria-label={t`去掉承接单位${at + 1}`}
                onClick={() => choose(successors.filter((_, n) => n !== at))}
              >
                <Icon name="close" small />
              </button>
            )}
          </div>
        </Field>
      ))}
      {successors.length < 10 && (
        <button
          type="button"
          className="btn sm"
          style={{ marginBottom: 16 }}
          onClick={() => choose([...successors, undefined])}
        >
          <Trans>再加一个承接单位</Trans>
        </button>
      )}
      <SplitParts
        unit={unit}
        successors={successors.filter((id) => id !== undefined)}
        units={units}
        members={members}
        onUnits={(parts) => {
          setUnits(parts);
          state.changed();
        }}
        onMembers={(parts) => {
          setMembers(parts);
          state.changed();
        }}
      />
    </Frame>
  );
}
