import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { unitKindLabels } from "../../../shared/labels";
import { ErrorSummary, FieldMessage } from "../../common/ErrorSummary";
import { FailureNotice } from "../../common/FailureNotice";
import { Icon } from "../../common/Icon";
import { InDanger } from "../../common/InDanger";
import { Loading } from "../../common/Loading";
import { Split } from "../../common/Page";
import { useDebounced } from "../../common/useDebounced";
import { usePublicUnits } from "../../common/usePublicUnits";
import type { StepProps } from "./ComplainPage";
import { changeDraft } from "./draft";
import { Why } from "./Why";

export function AboutStep({ draft, errors, next }: StepProps) {
  const { t } = useLingui();
  const messageOf = (field: string) => errors.find((error) => error.field === field)?.message;
  const fault = messageOf("about") ?? messageOf("unit_id");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    next();
  };
  return (
    <Split
      aside={
        <Why
          why={<Trans>知道是哪个单位，就能直接转给该办的人。</Trans>}
          who={<Trans>教育局，和您选的这个单位。举报不会让单位看到。</Trans>}
        />
      }
    >
      <ErrorSummary errors={errors} />
      <h1>
        <Trans>您要说的是哪个单位？</Trans>
      </h1>
      <InDanger isQuiet />
      <form onSubmit={submit} noValidate>
        <fieldset className={`field ${fault ? "has-err bad" : ""}`} id="about" aria-describedby="about-err">
          <legend className="sr">{t`关于哪个单位`}</legend>
          <FieldMessage id="about-err" message={fault} />
          <div className="ch">
            <label className={draft.about === "unit" ? "on" : ""}>
              <input
                type="radio"
                name="about"
                checked={draft.about === "unit"}
                onChange={() => changeDraft({ about: "unit" })}
              />
              <span>
                <Trans>我知道是哪个单位</Trans>
              </span>
            </label>
            {draft.about === "unit" && <UnitPicker chosen={draft.unit} />}
            <label className={draft.about === "unknown" ? "on" : ""}>
              <input
                type="radio"
                name="about"
                checked={draft.about === "unknown"}
                onChange={() => changeDraft({ about: "unknown" })}
              />
              <span>
                <Trans>不清楚是哪个单位</Trans>
                <small>
                  <Trans>由教育局看了内容以后，转给该办的单位</Trans>
                </small>
              </span>
            </label>
          </div>
        </fieldset>
        <div className="btns stack">
          <button type="submit" className="btn primary">
            <Trans>下一步</Trans>
          </button>
        </div>
      </form>
    </Split>
  );
}

const SHOWN = 6;

function UnitPicker({ chosen }: { chosen: Schemas["UnitRef"] | null }) {
  const { t, i18n } = useLingui();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim());
  const list = usePublicUnits({ q, limit: SHOWN }, q !== "" && !chosen);
  const change = useRef<HTMLButtonElement>(null);
  const input = useRef<HTMLInputElement>(null);
  // What was pressed is gone from the page: the focus goes to what stands in its place.
  const wasChosen = useRef(chosen);
  useEffect(() => {
    if (wasChosen.current === chosen) return;
    wasChosen.current = chosen;
    (chosen ? change : input).current?.focus();
  }, [chosen]);
  if (chosen) {
    return (
      <div className="sub picked">
        <Icon name="building" />
        <b>{nameIn(i18n.locale, chosen)}</b>
        <button type="button" className="link" ref={change} onClick={() => changeDraft({ unit: null })}>
          <Trans>换一个</Trans>
        </button>
      </div>
    );
  }
  const { units } = list;
  return (
    <div className="sub">
      <label htmlFor="unit_id">
        <Trans>单位名称</Trans>
      </label>
      <p className="hint" id="unit-hint">
        <Trans>写出名称里的几个字，再从下面选</Trans>
      </p>
      <input
        className="in"
        ref={input}
        id="unit_id"
        type="search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        // Enter narrows the list here; it shall not send the whole step off.
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        aria-describedby="unit-hint"
        autoComplete="off"
        maxLength={100}
      />
      {q !== "" && list.isPending && <Loading lines={2} />}
      {list.isError && <FailureNotice error={list.error} retry={() => void list.refetch()} />}
      <div role="status" className="small muted">
        {q !== "" && list.isSuccess && units.length === 0 && (
          <Trans>没有找到名称里有“{q}”的单位。少写几个字试试，或者选“不清楚是哪个单位”。</Trans>
        )}
        {list.hasNextPage && <Trans>还有更多，请再多写几个字。</Trans>}
      </div>
      {q !== "" && units.length > 0 && (
        <ul className="choices" aria-label={t`找到的单位`}>
          {units.map((unit) => (
            <li key={unit.id}>
              <button
                type="button"
                onClick={() => changeDraft({ unit: { id: unit.id, name: unit.name, name_en: unit.name_en } })}
              >
                <span>{nameIn(i18n.locale, unit)}</span>
                <small>
                  {t(unitKindLabels[unit.kind])}
                  {unit.parent && (
                    <>
                      <i className="dot" />
                      {nameIn(i18n.locale, unit.parent)}
                    </>
                  )}
                </small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
