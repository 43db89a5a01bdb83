import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { useState } from "react";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ifMatch } from "../shared/etag";
import { AreaField } from "../shared/Field";
import { wordFor } from "../shared/labels";
import { Note } from "../shared/parts";
import { useSave } from "../shared/useSave";
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
  const [reason, setReason] = useState("");
  const saving = useSave();
  const form = cardForms[action];
  const isReady = reason.trim().length >= 2;
  const title = t(form.label);
  const name = `${t(wordFor(cardWords, card.kind))} ${card.number}`;
  const go = () =>
    saving.save(async () => {
      await send(card, action, reason.trim());
      await Promise.all(
        ["/api/v1/cards", "/api/v1/cards/by-unit", "/api/v1/complaints/{complaint_id}"].map((path) =>
          queryClient.invalidateQueries({ queryKey: ["get", path] }),
        ),
      );
      onClose();
    });
  return (
    <Modal
      open
      title={t`${title}：${name}`}
      okText={t(form.label)}
      okButtonProps={{ disabled: !isReady, danger: form.isDanger }}
      confirmLoading={saving.isBusy}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div style={{ display: "grid", gap: 12, paddingTop: 8 }}>
        {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
        <Note tone={form.isDanger ? "so" : ""}>{t(form.consequence)}</Note>
        {card.appeal && action !== "appeal" && (
          <blockquote className="quote">
            <p className="pre">{card.appeal.reason}</p>
          </blockquote>
        )}
        <AreaField
          id="card-reason"
          label={t(form.why)}
          hint={t(form.hint)}
          error={fieldErrors(saving.error).reason}
          rows={4}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Modal>
  );
}
