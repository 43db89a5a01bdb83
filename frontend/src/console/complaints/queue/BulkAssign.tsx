import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useState } from "react";
import { api, type Schemas } from "../../../api/client";
import { fieldErrors } from "../../../api/problem";
import { nameIn } from "../../../shared/i18n";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { AreaField, Field } from "../../shared/Field";
import { listOf } from "../../shared/listOf";
import { BusyButton, Note } from "../../shared/parts";
import { UnitSelect, useUnit } from "../../shared/UnitSelect";
import { useIsPhone } from "../../shared/useMedia";
import { useSave } from "../../shared/useSave";
import { AssigneeChoice } from "../case/AssignDrawer";
import { BulkCheck } from "./BulkCheck";
import { BulkOutcomes } from "./BulkOutcomes";
import type { Item } from "./useSelection";
import { useTakers } from "./useTakers";

interface BulkAssignProps {
  chosen: readonly Item[];
  /** Those that were given: they are done and need not stay ticked. */
  onDone: (ids: ReadonlySet<string>) => void;
  onClose: () => void;
}

/** Many cases to one unit: say to whom, look at it once more, then see what became of each. */
export function BulkAssign({ chosen, onDone, onClose }: BulkAssignProps) {
  const { t, i18n } = useLingui();
  const isPhone = useIsPhone();
  const queryClient = useQueryClient();
  // As they were when it was decided: a list that changes underneath changes nothing here.
  const [asked] = useState(chosen);
  const [unit, setUnit] = useState<string>();
  const [handler, setHandler] = useState<string>();
  const [note, setNote] = useState("");
  const [isChecking, setChecking] = useState(false);
  const [outcomes, setOutcomes] = useState<Schemas["ComplaintOutcome"][] | null>(null);
  const saving = useSave();
  const wrong = fieldErrors(saving.error);
  const taker = useUnit(unit);
  const unitName = taker ? nameIn(i18n.locale, taker) : "";
  const takers = useTakers(asked, unit);
  const taking = takers.people?.find(({ id }) => id === handler);
  const handlerName = taking ? nameIn(i18n.locale, taking) : "";
  const run = () =>
    saving.save(async () => {
      const text = note.trim();
      const body: Schemas["AssignComplaints"] = {
        complaints: asked.map(({ id, version }) => ({ id, version })),
        unit_id: unit ?? "",
        ...(handler ? { handler_id: handler } : {}),
        ...(text ? { note: text } : {}),
      };
      const { data } = await api.POST("/api/v1/complaints/assign", { body });
      const items = data?.items ?? [];
      setOutcomes(items);
      onDone(new Set(items.filter(({ problem }) => problem === null).map(({ id }) => id)));
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/complaints"] });
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/complaints/{complaint_id}"] });
    });
  const count = asked.length;
  return (
    <Drawer
      open
      onClose={onClose}
      title={t`交办${count}件`}
      size={isPhone ? "100%" : 480}
      mask={{ closable: false }}
      footer={
        <div className="row" style={{ justifyContent: "flex-end" }}>
          {outcomes ? (
            <button type="button" className="btn p" onClick={onClose}>
              <Trans>看完了</Trans>
            </button>
          ) : isChecking ? (
            <>
              <button
                type="button"
                className="btn"
                disabled={saving.isBusy}
                onClick={() => setChecking(false)}
              >
                <Trans>回去改</Trans>
              </button>
              <BusyButton className="btn p" isBusy={saving.isBusy} onClick={() => void run()}>
                <Trans>交办这{count}件</Trans>
              </BusyButton>
            </>
          ) : (
            <button type="button" className="btn p" disabled={!unit} onClick={() => setChecking(true)}>
              <Trans>下一步：核对</Trans>
            </button>
          )}
        </div>
      }
    >
      {Boolean(saving.error) && !outcomes && (
        <div style={{ marginBottom: 12 }}>
          <ErrorNotice error={saving.error} />
          <p className="hint">
            <Trans>选的和填的都还在；再交办一次，已经交办好的不会重复。</Trans>
          </p>
        </div>
      )}
      {outcomes ? (
        <BulkOutcomes asked={asked} outcomes={outcomes} />
      ) : isChecking ? (
        <BulkCheck asked={asked} unit={unitName} handler={handlerName} note={note.trim()} />
      ) : (
        <>
          <Field id="bulk-unit" label={t`承办单位`} error={wrong.unit_id}>
            <UnitSelect
              id="bulk-unit"
              label={t`承办单位`}
              value={unit}
              onChange={(id) => {
                setUnit(id);
                setHandler(undefined);
              }}
            />
          </Field>
          <Spread asked={asked} />
          {unit && (
            <AssigneeChoice {...takers} value={handler} onChange={setHandler}>
              {takers.isMixed && <Trans>没有人能承办选中的每一件。先交到单位，或者分开交办。</Trans>}
            </AssigneeChoice>
          )}
          <AreaField
            id="bulk-note"
            label={t`交代一句`}
            hint={t`承办人看得到，投诉人看不到`}
            error={wrong.note}
            isOptional
            rows={2}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </>
      )}
    </Drawer>
  );
}

/** Cases of several units go to one: that is said before it is done. */
function Spread({ asked }: { asked: readonly Item[] }) {
  const { i18n } = useLingui();
  const units = new Map(asked.map(({ unit }) => [unit.id, nameIn(i18n.locale, unit)]));
  if (units.size < 2) return null;
  const count = units.size;
  return (
    <div className="fld">
      <Note tone="so">
        <p>
          <Trans>选中的分在{count}个单位，会一起交给您选的这个单位。承办人只列每一件都能接的。</Trans>
        </p>
        <p className="m xs">{listOf(i18n.locale, [...units.values()].slice(0, 5))}</p>
      </Note>
    </div>
  );
}
