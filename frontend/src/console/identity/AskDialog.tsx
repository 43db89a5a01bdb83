import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useState } from "react";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { ErrorNotice } from "../shared/ErrorNotice";
import { AreaField, Field } from "../shared/Field";
import { wordFor } from "../shared/labels";
import { Note } from "../shared/parts";
import { useKeyFor } from "../shared/useKeyFor";
import { useSave } from "../shared/useSave";
import { useOpeningsChanged } from "./useOpenings";
import { type Opening, openingCategoryWords } from "./words";

interface AskDialogProps {
  complaintId: string;
  onClose: () => void;
}

/** Asking to know who filed a case: with a category, which the complainant is told, and a reason for the second person. */
export function AskDialog({ complaintId, onClose }: AskDialogProps) {
  const { t } = useLingui();
  const changed = useOpeningsChanged();
  const keyFor = useKeyFor();
  const saving = useSave();
  const [category, setCategory] = useState<Opening["category"] | "">("");
  const [reason, setReason] = useState("");
  const isReady = category !== "" && reason.trim().length >= 2;
  const go = () =>
    saving.save(async () => {
      if (category === "") return;
      const body = { complaint_id: complaintId, category, reason: reason.trim() };
      await api.POST("/api/v1/identity-openings", { params: { header: keyFor(body) }, body });
      await changed();
      onClose();
    });
  return (
    <Modal
      open
      title={t`申请查看投诉人身份`}
      okText={t`提交申请`}
      okButtonProps={{ disabled: !isReady }}
      confirmLoading={saving.isBusy}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div style={{ display: "grid", gap: 12, paddingTop: 8 }}>
        {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
        <Note tone="so">
          <Trans>
            要由另一名监督人员同意。同意后一小时内（未满14周岁的15分钟内）只有您能看，最多10次，每次查看都记入日志；投诉人会看到被查看的日期和原因，看不到是谁。
          </Trans>
        </Note>
        <Field id="opening-category" label={t`原因`} hint={t`投诉人看到的就是这一项`}>
          <select
            id="opening-category"
            className="inp"
            value={category}
            onChange={(event) => setCategory(event.target.value as Opening["category"])}
          >
            <option value="" disabled>
              {t`请选择`}
            </option>
            {Object.keys(openingCategoryWords).map((code) => (
              <option key={code} value={code}>
                {t(wordFor(openingCategoryWords, code))}
              </option>
            ))}
          </select>
        </Field>
        <AreaField
          id="opening-reason"
          label={t`为什么`}
          hint={t`第二个人据此决定；不要写投诉人的姓名和电话`}
          error={fieldErrors(saving.error).reason}
          rows={4}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Modal>
  );
}
