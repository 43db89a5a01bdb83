import { useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { type ReactNode, useState } from "react";
import { fieldErrors } from "../../api/problem";
import { ErrorNotice } from "./ErrorNotice";
import { AreaField } from "./Field";
import { useSave } from "./useSave";

interface ReasonDialogProps {
  /** Of the field. */
  id: string;
  title: string;
  okText: string;
  isDanger?: boolean;
  label?: string;
  hint?: string;
  rows?: number;
  maxLength?: number;
  /** Does it, by the reason that was given; the dialog closes once it is done. */
  save: (reason: string) => Promise<unknown>;
  onClose: () => void;
  /** Fetches what somebody else saved meanwhile; what is typed here stays. */
  onRefresh?: () => void;
  children?: ReactNode;
}

/** A step that needs a reason and nothing else. */
export function ReasonDialog({ id, title, okText, isDanger, label, hint, ...props }: ReasonDialogProps) {
  const { save, onClose, onRefresh, rows = 3, maxLength = 2000, children } = props;
  const { t } = useLingui();
  const saving = useSave();
  const [reason, setReason] = useState("");
  const go = () =>
    saving.save(async () => {
      await save(reason.trim());
      onClose();
    });
  const refresh = onRefresh && {
    retry: () => {
      saving.forget();
      onRefresh();
    },
  };
  return (
    <Modal
      open
      title={title}
      okText={okText}
      okButtonProps={{ disabled: reason.trim().length < 2, danger: isDanger }}
      confirmLoading={saving.isBusy}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div style={{ display: "grid", gap: 12, paddingTop: 8 }}>
        {Boolean(saving.error) && <ErrorNotice error={saving.error} {...refresh} />}
        {children}
        <AreaField
          id={id}
          label={label ?? t`理由`}
          hint={hint}
          error={fieldErrors(saving.error).reason}
          rows={rows}
          maxLength={maxLength}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Modal>
  );
}
