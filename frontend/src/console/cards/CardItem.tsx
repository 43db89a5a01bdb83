import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link } from "react-router";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { wordFor } from "../shared/labels";
import { Dot } from "../shared/parts";
import { CardDialog } from "./CardDialog";
import { type Card, type CardAction, cardForms, cardStateWords, cardTones, cardWords } from "./words";

/** A card with what was said about it, and what the caller can do with it. `isInCase` leaves out what its case says. */
export function CardItem({ card, isInCase = false }: { card: Card; isInCase?: boolean }) {
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState<CardAction | null>(null);
  const unit = nameIn(i18n.locale, card.unit);
  const day = formatWhen(card.given_on, i18n.locale);
  const due = formatWhen(card.due_on, i18n.locale);
  const isIssued = card.kind === "circular_notice" && card.state === "standing";
  return (
    <li className="cardrow">
      <p className="row">
        <span className={`tag ${cardTones[card.kind] ?? ""}`}>{t(wordFor(cardWords, card.kind))}</span>
        {isInCase ? (
          <b className="ell">{unit}</b>
        ) : (
          <Link className="ell" to={`/complaints/${card.complaint_id}`}>
            {card.title}
          </Link>
        )}
        <span className="sp" />
        <span className="m xs nb">{isIssued ? t`已通报` : t(wordFor(cardStateWords, card.state))}</span>
      </p>
      <p className="m xs">
        {!isInCase && (
          <>
            {unit}
            <Dot />
          </>
        )}
        {card.handler && (
          <>
            {nameIn(i18n.locale, card.handler)}
            <Dot />
          </>
        )}
        <Trans>
          期限是{due}，{day}给出
        </Trans>
        {!isInCase && (
          <>
            <Dot />
            {card.number}
          </>
        )}
      </p>
      <Ruling label={isIssued || card.appeal ? t`通报的理由` : t`不通报的理由`} ruling={card.proposal} />
      <Ruling label={t`申诉`} ruling={card.appeal} />
      <Ruling label={card.state === "lifted" ? t`撤销的理由` : t`维持的理由`} ruling={card.decision} />
      <Actions card={card} onPress={setOpen} />
      {open && <CardDialog card={card} action={open} onClose={() => setOpen(null)} />}
    </li>
  );
}

function Actions({ card, onPress }: { card: Card; onPress: (action: CardAction) => void }) {
  const { t, i18n } = useLingui();
  if (card.allowed_actions.length === 0) return null;
  const last = card.appeal_ends_on ? formatWhen(card.appeal_ends_on, i18n.locale) : "";
  return (
    <p className="row noprint">
      {card.allowed_actions.map((action) => (
        <button
          key={action}
          type="button"
          className="btn sm"
          aria-label={`${t(cardForms[action].label)} ${t(wordFor(cardWords, card.kind))} ${card.number}`}
          onClick={() => onPress(action)}
        >
          {t(cardForms[action].label)}
        </button>
      ))}
      {last && card.allowed_actions.includes("appeal") && (
        <span className="m xs">
          <Trans>最迟{last}</Trans>
        </span>
      )}
    </p>
  );
}

function Ruling({ label, ruling }: { label: string; ruling: Card["appeal"] }) {
  const { t, i18n } = useLingui();
  if (!ruling) return null;
  const by = ruling.by ? nameIn(i18n.locale, ruling.by) : t`工作人员`;
  return (
    <blockquote className="quote">
      <p className="m xs">
        {label}
        <Dot />
        {by}
        <Dot />
        {formatWhen(ruling.at, i18n.locale)}
      </p>
      <p className="pre">{ruling.reason}</p>
    </blockquote>
  );
}
