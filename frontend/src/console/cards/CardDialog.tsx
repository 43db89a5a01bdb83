import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { ifMatch } from "../shared/etag";
import { wordFor } from "../shared/labels";
import { Note } from "../shared/parts";
import { ReasonDialog } from "../shared/ReasonDialog";
import { type Card, type CardAction, cardForms, cardWords } from "./words";

async function send(card: Card, action: CardAction, reason: string) {
  const params = { path: { card_id: card.id }, header: ifMatch(card) };
  if (action === "appeal") {
    await api.POST("/api/v1/cards/{card_id}/appeal", { params, body: { reason } });
  } else {
    await api.POST("/api/v1/cards/{card_id}/decide", { params, body: { outcome: action, reason } });
  }
}

interface CardDialogProps {
  card: Card;
  action: CardAction;
  onClose: () => void;
}

/** An appeal or a decision, each with its reason. */
export function CardDialog({ card, action, onClose }: CardDialogProps) {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  const form = cardForms[action];
  const title = t(form.label);
  const name = `${t(wordFor(cardWords, card.kind))} ${card.number}`;
  const save = async (reason: string) => {
    await send(card, action, reason);
    await Promise.all(
      ["/api/v1/cards", "/api/v1/cards/by-unit", "/api/v1/complaints/{complaint_id}"].map((path) =>
        queryClient.invalidateQueries({ queryKey: ["get", path] }),
      ),
    );
  };
  return (
    <ReasonDialog
      id="card-reason"
      title={t`${title}：${name}`}
      okText={title}
      isDanger={form.isDanger}
      label={t(form.why)}
      hint={t(form.hint)}
      rows={4}
      maxLength={1000}
      save={save}
      onClose={onClose}
    >
      <Note tone={form.isDanger ? "so" : ""}>{t(form.consequence)}</Note>
      {card.appeal && action !== "appeal" && (
        <blockquote className="quote">
          <p className="pre">{card.appeal.reason}</p>
        </blockquote>
      )}
    </ReasonDialog>
  );
}
