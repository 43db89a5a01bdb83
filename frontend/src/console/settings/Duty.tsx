import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { nameIn } from "../../shared/i18n";
import { TextField } from "../shared/Field";
import { Icon } from "../shared/Icon";
import { Note } from "../shared/parts";
import { useDebounced } from "../shared/useDebounced";

export type Turn = Schemas["DutyTurnItem"];
type Member = Schemas["Member"];

const bodyOf = ({ member_id, from, to }: Turn) => ({
  member_id,
  ...(from ? { from } : {}),
  ...(to ? { to } : {}),
});

/** What is sent of the list of duty; nothing where it is as it was. */
export function dutyChange(before: Turn[], next: Turn[]): Schemas["DutyTurnInput"][] | null {
  const [old, body] = [before.map(bodyOf), next.map(bodyOf)];
  return JSON.stringify(old) === JSON.stringify(body) ? null : body;
}

interface DutyProps {
  turns: Turn[];
  mayEdit: boolean;
  error: unknown;
  onChange: (turns: Turn[]) => void;
}

/** Who is told at once when somebody is in danger, and when. */
export function Duty({ turns, mayEdit, error, onChange }: DutyProps) {
  const { t } = useLingui();
  const wrong = Object.entries(fieldErrors(error)).filter(([name]) => name.startsWith("duty"));
  const set = (at: number, next: Partial<Turn>) =>
    onChange(turns.map((turn, index) => (index === at ? { ...turn, ...next } : turn)));
  return (
    <fieldset className="panel" disabled={!mayEdit} id="setting-duty">
      <legend>{t`紧急值班`}</legend>
      <p className="m xs">
        <Trans>
          来件标为紧急时，值班人员马上收到提醒，每一页都有横幅，直到打开这一件。不写日期的一直值班。
        </Trans>
      </p>
      {wrong.map(([name, text]) => (
        <Note key={name} tone="la" live="alert">
          {text}
        </Note>
      ))}
      {turns.length === 0 && (
        <Note tone="so">
          <Trans>还没有值班人员：紧急来件只提醒承办人、负责人、创先争优办和局领导。</Trans>
        </Note>
      )}
      <ul className="duty">
        {turns.map((turn, at) => (
          <TurnRow
            // biome-ignore lint/suspicious/noArrayIndexKey: the same member may have several turns, and a row keeps nothing
            key={at}
            turn={turn}
            mayEdit={mayEdit}
            onChange={(next) => set(at, next)}
            onRemove={() => onChange(turns.filter((_, index) => index !== at))}
          />
        ))}
      </ul>
      {mayEdit && (
        <AddTurn
          onAdd={(member) =>
            onChange([...turns, { member_id: member.id, member, from: null, to: null } as Turn])
          }
        />
      )}
    </fieldset>
  );
}

interface TurnRowProps {
  turn: Turn;
  mayEdit: boolean;
  onChange: (next: Partial<Turn>) => void;
  onRemove: () => void;
}

function TurnRow({ turn, mayEdit, onChange, onRemove }: TurnRowProps) {
  const { t, i18n } = useLingui();
  const name = turn.member ? nameIn(i18n.locale, turn.member) : t`已离开的成员`;
  const day = (value: string) => value || null;
  return (
    <li className="row">
      <b className="ell sp">{name}</b>
      <label className="row xs">
        <span className="m">{t`从`}</span>
        <input
          type="date"
          className="inp"
          aria-label={t`${name}从哪天起`}
          value={turn.from ?? ""}
          onChange={(event) => onChange({ from: day(event.target.value) })}
        />
      </label>
      <label className="row xs">
        <span className="m">{t`到`}</span>
        <input
          type="date"
          className="inp"
          aria-label={t`${name}到哪天止`}
          min={turn.from ?? undefined}
          value={turn.to ?? ""}
          onChange={(event) => onChange({ to: day(event.target.value) })}
        />
      </label>
      {mayEdit && (
        <button type="button" className="ib" aria-label={t`去掉${name}`} onClick={onRemove}>
          <Icon name="close" small />
        </button>
      )}
    </li>
  );
}

/** Finds a member by name; whether they may be on duty, the server knows. */
function AddTurn({ onAdd }: { onAdd: (member: Member) => void }) {
  const { t, i18n } = useLingui();
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), 250);
  const { data } = $api.useQuery(
    "get",
    "/api/v1/members",
    { params: { query: { q, limit: 8 } } },
    { enabled: q !== "" },
  );
  const found = q === "" ? [] : (data?.items ?? []);
  return (
    <div style={{ display: "grid", gap: 8, maxWidth: 420 }}>
      <TextField
        id="duty-member"
        label={t`添加值班人员`}
        placeholder={t`输入姓名`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {found.length > 0 && (
        <ul className="choices">
          {found.map((member) => (
            <li key={member.id}>
              <button
                type="button"
                className="btn"
                onClick={() => {
                  onAdd(member);
                  setText("");
                }}
              >
                {nameIn(i18n.locale, member)} · {nameIn(i18n.locale, member.unit)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {q !== "" && data && found.length === 0 && (
        <p className="m xs">
          <Trans>没有找到这个姓名。</Trans>
        </p>
      )}
    </div>
  );
}
