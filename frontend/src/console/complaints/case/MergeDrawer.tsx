import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer } from "antd";
import { useState } from "react";
import { $api, type Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { TextField } from "../../shared/Field";
import { BusyButton, Note, Skeleton } from "../../shared/parts";
import { Status } from "../../shared/Status";
import { OPEN } from "../../shared/states";
import { useDebounced } from "../../shared/useDebounced";
import { useIsPhone } from "../../shared/useMedia";
import type { CaseActions } from "./useCase";
import type { Case } from "./verbs";

interface MergeDrawerProps {
  complaint: Case;
  actions: CaseActions;
  /** The case that was proposed as the lead; the reader can still take another one. */
  proposed?: Summary;
  onClose: () => void;
}

type Summary = Schemas["ComplaintSummary"];

/** Which case says the same: found by number or words, chosen by a person, never merged by itself. */
export function MergeDrawer({ complaint, actions, proposed, onClose }: MergeDrawerProps) {
  const { t } = useLingui();
  const isPhone = useIsPhone();
  const [typed, setTyped] = useState(proposed?.number ?? complaint.title.slice(0, 6));
  const [lead, setLead] = useState<Summary | null>(proposed ?? null);
  const refused = actions.refusal?.verb === "merge" ? actions.refusal.error : null;
  const go = async () => {
    if (lead && (await actions.run("merge", { lead_id: lead.id }))) onClose();
  };
  return (
    <Drawer
      open
      onClose={onClose}
      title={t`并入另一件：${complaint.number}`}
      size={isPhone ? "100%" : 480}
      mask={{ closable: false }}
      footer={
        <div className="row">
          <span className="m xs sp">
            <Trans>可以撤销合并</Trans>
          </span>
          <BusyButton
            className="btn p"
            isBusy={actions.running === "merge"}
            disabled={!lead}
            onClick={() => void go()}
          >
            <Trans>并入</Trans>
          </BusyButton>
        </div>
      }
    >
      {Boolean(refused) && <ErrorNotice error={refused} />}
      <TextField
        id="merge-q"
        label={t`找主件`}
        hint={t`编号，或标题、内容里的词`}
        value={typed}
        maxLength={100}
        onChange={(event) => {
          setTyped(event.target.value);
          setLead(null);
        }}
      />
      <Candidates complaint={complaint} typed={typed} value={lead} onChange={setLead} />
      {lead && (
        <section aria-label={t`核对两件`}>
          <div className="pair">
            <OneSide title={t`这一件`} one={complaint} />
            <OneSide title={t`并入这件，由它答复`} one={lead} />
          </div>
          <Note>
            <Trans>每位投诉人都会收到答复：主件答复时，这一件的投诉人同时收到。</Trans>
          </Note>
        </section>
      )}
    </Drawer>
  );
}

function OneSide({ title, one }: { title: string; one: Pick<Summary, "number" | "title" | "unit"> }) {
  const { i18n } = useLingui();
  return (
    <div>
      <h3 className="lab2">{title}</h3>
      <b>{one.title}</b>
      <p className="m xs">
        {one.number} · {nameIn(i18n.locale, one.unit)}
      </p>
    </div>
  );
}

interface CandidatesProps {
  complaint: Case;
  typed: string;
  value: Summary | null;
  onChange: (lead: Summary) => void;
}

function Candidates({ complaint, typed, value, onChange }: CandidatesProps) {
  const { t, i18n } = useLingui();
  const q = useDebounced(typed.trim(), 300);
  const query = { q, state: OPEN, limit: 20 } as never;
  const { data, error, refetch } = $api.useQuery(
    "get",
    "/api/v1/complaints",
    { params: { query } },
    { enabled: q.length >= 2 },
  );
  if (q.length < 2) return null;
  if (error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={3} label={t`正在查找`} />;
  const found = data.items.filter(({ id }) => id !== complaint.id);
  if (found.length === 0) {
    return (
      <p className="hint">
        <Trans>没有找到还没答复的来件。换个词，或用完整编号。</Trans>
      </p>
    );
  }
  return (
    <fieldset className="fld">
      <legend className="lab">{t`选一件`}</legend>
      <div className="pick">
        {found.map((item) => (
          <label key={item.id}>
            <input type="radio" name="lead" checked={value?.id === item.id} onChange={() => onChange(item)} />
            <span>
              {item.title}
              <span className="m xs" style={{ display: "block" }}>
                {item.number} · {nameIn(i18n.locale, item.unit)}
              </span>
            </span>
            <span className="sp" />
            <Status state={item.state} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
