import { useLingui } from "@lingui/react/macro";
import { api } from "../../api/client";
import { ifMatch } from "../shared/etag";
import { Note } from "../shared/parts";
import { ReasonDialog } from "../shared/ReasonDialog";
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
  const form = answerForms[answer];
  const title = t(form.label);
  const save = async (reason: string) => {
    const params = { path: { identity_opening_id: opening.id }, header: ifMatch(opening) };
    const body = { reason };
    if (answer === "approve") {
      await api.POST("/api/v1/identity-openings/{identity_opening_id}/approve", { params, body });
    } else {
      await api.POST("/api/v1/identity-openings/{identity_opening_id}/refuse", { params, body });
    }
    await changed();
  };
  return (
    <ReasonDialog
      id="opening-answer"
      title={t`${title}：${opening.number}`}
      okText={title}
      save={save}
      onClose={onClose}
    >
      <Note tone={answer === "approve" ? "so" : ""}>{t(form.consequence)}</Note>
      <blockquote className="quote">
        <p className="pre">{opening.reason}</p>
      </blockquote>
    </ReasonDialog>
  );
}
