import { useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useState } from "react";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ifMatch } from "../shared/etag";
import { AreaField } from "../shared/Field";
import { Note } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { useOpeningsChanged } from "./useOpenings";
import { answerForms, type Opening } from "./words";

interface AnswerDialogProps {
  opening: Opening;
  answer: keyof typeof answerForms;
  onClose: () => void;
}

/** What the second person says, with a reason. */
export function AnswerDialog({ opening, answer, onClose }: AnswerDialogProps) {
  const { t } = useLingui();
  const changed = useOpeningsChanged();
  const saving = useSave();
  const [reason, setReason] = useState("");
  const form = answerForms[answer];
  const title = t(form.label);
  const go = () =>
    saving.save(async () => {
      const params = { path: { identity_opening_id: opening.id }, header: ifMatch(opening) };
      const body = { reason: reason.trim() };
      if (answer === "approve") {
        await api.POST("/api/v1/identity-openings/{identity_opening_id}/approve", { params, body });
      } else {
        await api.POST("/api/v1/identity-openings/{identity_opening_id}/refuse", { params, body });
      }
      await changed();
      onClose();
    });
  return (
    <Modal
      open
      title={t`${title}：${opening.number}`}
      okText={title}
      okButtonProps={{ disabled: reason.trim().length < 2 }}
      confirmLoading={saving.isBusy}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div style={{ display: "grid", gap: 12, paddingTop: 8 }}>
        {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
        <Note tone={answer === "approve" ? "so" : ""}>{t(form.consequence)}</Note>
        <blockquote className="quote">
          <p className="pre">{opening.reason}</p>
        </blockquote>
        <AreaField
          id="opening-answer"
          label={t`理由`}
          error={fieldErrors(saving.error).reason}
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Modal>
  );
}
