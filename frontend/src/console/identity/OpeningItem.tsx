import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link } from "react-router";
import { api } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ifMatch } from "../shared/etag";
import { wordFor } from "../shared/labels";
import { BusyButton, Dot } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { AnswerDialog } from "./AnswerDialog";
import { Originals } from "./Originals";
import { Revealed } from "./Revealed";
import { useOpeningsChanged } from "./useOpenings";
import { answerForms, type Opening, openingCategoryWords, openingStateWords } from "./words";

interface OpeningItemProps {
  opening: Opening;
  isInCase?: boolean;
  /** Whether there are contact data beside originals of pictures. */
  hasContact?: boolean;
  hasOriginals?: boolean;
}

/** A request with what was said to it, and what the caller can do. `isInCase` leaves out what its case says. */
export function OpeningItem({
  opening,
  isInCase = false,
  hasContact = true,
  hasOriginals = false,
}: OpeningItemProps) {
  const { t, i18n } = useLingui();
  const asker = opening.asked_by ? nameIn(i18n.locale, opening.asked_by) : t`工作人员`;
  const when = formatWhen(opening.asked_at, i18n.locale);
  const isShown = isInCase && opening.allowed_actions.includes("read");
  return (
    <li className="cardrow">
      <p className="row wrap">
        <span className="tag">{t(wordFor(openingCategoryWords, opening.category))}</span>
        {!isInCase && (
          <Link className="ell" to={`/complaints/${opening.complaint_id}#identity`}>
            {opening.title}
          </Link>
        )}
        <span className="sp" />
        <span className="m xs nb">{t(wordFor(openingStateWords, opening.state))}</span>
      </p>
      <p className="m xs">
        {opening.is_own ? <Trans>您申请</Trans> : <Trans>{asker}申请</Trans>}
        <Dot />
        {when}
        {!isInCase && (
          <>
            <Dot />
            {opening.number}
          </>
        )}
      </p>
      <p className="pre">{opening.reason}</p>
      <Answer opening={opening} />
      <Actions opening={opening} />
      {isShown && hasContact && <Revealed opening={opening} />}
      {isShown && hasOriginals && <Originals opening={opening} />}
    </li>
  );
}

function Answer({ opening: { answer } }: { opening: Opening }) {
  const { t, i18n } = useLingui();
  if (!answer) return null;
  return (
    <blockquote className="quote">
      <p className="m xs">
        {answer.by ? nameIn(i18n.locale, answer.by) : t`工作人员`}
        <Dot />
        {formatWhen(answer.at, i18n.locale)}
      </p>
      <p className="pre">{answer.reason}</p>
    </blockquote>
  );
}

function Actions({ opening }: { opening: Opening }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<keyof typeof answerForms | null>(null);
  const answers = (["approve", "refuse"] as const).filter((verb) => opening.allowed_actions.includes(verb));
  return (
    <>
      {answers.length > 0 && (
        <p className="row noprint">
          {answers.map((verb) => (
            <button
              key={verb}
              type="button"
              className="btn sm"
              aria-label={`${t(answerForms[verb].label)} ${opening.number}`}
              onClick={() => setOpen(verb)}
            >
              {t(answerForms[verb].label)}
            </button>
          ))}
        </p>
      )}
      {opening.allowed_actions.includes("withdraw") && <Withdraw opening={opening} />}
      {open && <AnswerDialog opening={opening} answer={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function Withdraw({ opening }: { opening: Opening }) {
  const changed = useOpeningsChanged();
  const saving = useSave();
  const go = () =>
    saving.save(async () => {
      const params = { path: { identity_opening_id: opening.id }, header: ifMatch(opening) };
      await api.POST("/api/v1/identity-openings/{identity_opening_id}/withdraw", { params });
      await changed();
    });
  return (
    <div className="noprint">
      {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
      <BusyButton className="btn sm" isBusy={saving.isBusy} onClick={() => void go()}>
        <Trans>撤回申请</Trans>
      </BusyButton>
    </div>
  );
}
