import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useEffectEvent, useRef } from "react";
import { formatWhen } from "../../../shared/format";
import { nameIn } from "../../../shared/i18n";
import { explain } from "../../shared/explain";
import { Icon } from "../../shared/Icon";
import { listOf } from "../../shared/listOf";
import { BusyButton } from "../../shared/parts";
import { TextHints } from "../../shared/TextHints";
import { LIMIT, missingOf, PARTS, type Part, partHints, partWords } from "./draft";
import { Preview } from "./Preview";
import { ReplyTemplates } from "./TemplatePicker";
import type { CaseActions } from "./useCase";
import type { Draft } from "./useDraft";
import type { Case } from "./verbs";

interface EditorProps {
  complaint: Case;
  actions: CaseActions;
  draft: Draft;
}

/** The reply in its four parts, and beside it what the complainant will see. */
export function ReplyEditor({ complaint, actions, draft }: EditorProps) {
  const isEditable = complaint.allowed_actions.includes("draft");
  return (
    <section className="reply" id="reply" aria-labelledby="reply-head">
      <div className="ed">
        <div className="ph">
          <h2 id="reply-head">
            <Trans>答复稿</Trans>
          </h2>
          <DraftState complaint={complaint} draft={draft} />
        </div>
        {complaint.draft?.returned_reason && (
          <div className="returned">
            <b className="soon">
              <Icon name="warn" small /> <Trans>退回修改</Trans>
            </b>
            <p className="pre">{complaint.draft.returned_reason}</p>
          </div>
        )}
        {isEditable && <ReplyTemplates complaint={complaint} parts={draft.parts} onFill={draft.fill} />}
        <div className="parts">
          {PARTS.map((part) => (
            <PartBox
              key={part}
              part={part}
              text={draft.parts[part]}
              isEditable={isEditable}
              onChange={draft.change}
            />
          ))}
        </div>
        {isEditable && <Footer complaint={complaint} actions={actions} draft={draft} />}
      </div>
      <Preview complaint={complaint} parts={draft.parts} />
    </section>
  );
}

function DraftState({ complaint, draft }: { complaint: Case; draft: Draft }) {
  const { t, i18n } = useLingui();
  const saved = complaint.draft;
  const by = saved?.drafted_by ? nameIn(i18n.locale, saved.drafted_by) : t`本单位`;
  if (draft.isDirty) {
    const time = (draft.keptAt ? formatWhen(draft.keptAt, i18n.locale) : "").slice(-5);
    return (
      <span className="m xs" role="status">
        <Trans>已存在这台设备上</Trans> {time}
      </span>
    );
  }
  if (!saved) return null;
  const when = formatWhen(saved.updated_at, i18n.locale);
  return (
    <>
      <span className="m xs ell">
        <Trans>
          {by}，{when}
        </Trans>
      </span>
      <span className="sp" />
      {saved.is_approved ? (
        <span className="tag go">
          <Trans>已批准，未发出</Trans>
        </span>
      ) : saved.is_submitted ? (
        <span className="tag br">
          <Trans>已送审</Trans>
        </span>
      ) : (
        <span className="tag">
          <Trans>草稿</Trans>
        </span>
      )}
    </>
  );
}

interface PartBoxProps {
  part: Part;
  text: string;
  isEditable: boolean;
  onChange: (part: Part, text: string) => void;
}

function PartBox({ part, text, isEditable, onChange }: PartBoxProps) {
  const { t } = useLingui();
  const id = `part-${part}`;
  const isFilled = text.trim() !== "";
  const label = (
    <>
      {t(partWords[part])}{" "}
      {isFilled ? (
        <span className="good">
          <Icon name="check" small />
        </span>
      ) : (
        isEditable && (
          <span className="soon">
            <Icon name="warn" small /> <Trans>还没写，送审前要有</Trans>
          </span>
        )
      )}
    </>
  );
  if (!isEditable) {
    return (
      <div className="pt">
        <h3>{label}</h3>
        <p className="pre">{text || <span className="m">{t`（空）`}</span>}</p>
      </div>
    );
  }
  return (
    <div className="pt">
      <label htmlFor={id}>{label}</label>
      <GrowingArea
        id={id}
        value={text}
        placeholder={t(partHints[part])}
        onChange={(next) => onChange(part, next)}
      />
      <TextHints text={text} onChange={(next) => onChange(part, next)} field={id} />
    </div>
  );
}

interface GrowingAreaProps {
  id: string;
  value: string;
  placeholder: string;
  onChange: (text: string) => void;
}

/** As high as its text: nothing scrolls inside a box inside a page. */
function GrowingArea({ id, value, placeholder, onChange }: GrowingAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "0";
    element.style.height = `${Math.max(26, element.scrollHeight)}px`;
  });
  return (
    <textarea
      ref={area}
      id={id}
      value={value}
      placeholder={placeholder}
      maxLength={LIMIT}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Footer({ complaint, actions, draft }: EditorProps) {
  const { t, i18n } = useLingui();
  const missing = missingOf(draft.parts);
  const save = async (submit: boolean) => {
    const next = await actions.run("draft", { ...draft.parts, submit });
    if (next) draft.drop();
  };
  useSaveKey(() => void save(false));
  const refusal = actions.refusal?.verb === "draft" && !actions.stale ? explain(actions.refusal.error) : null;
  const names = listOf(
    i18n.locale,
    missing.map((part) => t(partWords[part])),
  );
  return (
    <>
      {refusal && (
        <div className="returned" role="alert">
          <b className="late">{t(refusal.title)}</b> {refusal.detail || t(refusal.todo)}
        </div>
      )}
      <div className="ef">
        <span className="xs m">
          {missing.length > 0 ? (
            <Trans>送审前还要写：{names}</Trans>
          ) : complaint.draft?.is_submitted ? (
            <Trans>已经送审；存草稿就是撤回来改，改好要重新送审</Trans>
          ) : (
            <Trans>负责人批准后才会发给投诉人</Trans>
          )}
        </span>
        <span className="sp" />
        <BusyButton
          className="btn sm"
          isBusy={actions.running === "draft"}
          disabled={!draft.isDirty || draft.isConflicting || actions.isBusy}
          onClick={() => void save(false)}
        >
          <Trans>存草稿</Trans>
        </BusyButton>
        <BusyButton
          className="btn p sm"
          isBusy={actions.running === "draft"}
          disabled={missing.length > 0 || draft.isConflicting || actions.isBusy}
          onClick={() => void save(true)}
        >
          <Trans>送审</Trans>
        </BusyButton>
      </div>
    </>
  );
}

function useSaveKey(save: () => void) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
