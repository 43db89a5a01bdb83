import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useState } from "react";
import { $api, type Schemas } from "../../../api/client";
import { fieldErrors } from "../../../api/problem";
import { nameIn } from "../../../shared/i18n";
import { complaintKindLabels } from "../../../shared/labels";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { Field } from "../../shared/Field";
import { Note, Skeleton } from "../../shared/parts";
import type { CaseActions } from "./useCase";
import type { Case } from "./verbs";

interface ClassifyDialogProps {
  complaint: Case;
  actions: CaseActions;
  onClose: () => void;
}

const kinds = ["grievance", "suggestion", "inquiry", "praise"] as const;

/** What is wanted, and in which category. A report stays one: who knows of it hangs on that. */
export function ClassifyDialog({ complaint, actions, onClose }: ClassifyDialogProps) {
  const { t } = useLingui();
  const [kind, setKind] = useState(complaint.kind);
  const [category, setCategory] = useState(complaint.category_id ?? "");
  const refused = actions.refusal?.verb === "classify" ? actions.refusal.error : null;
  const wrong = fieldErrors(refused);
  const go = async () => {
    const body = { kind, ...(category ? { category_id: category } : {}) };
    if (await actions.run("classify", body)) onClose();
  };
  return (
    <Modal
      open
      title={t`改类型和分类：${complaint.number}`}
      okText={t`改`}
      confirmLoading={actions.running === "classify"}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div style={{ display: "grid", gap: 12, paddingTop: 8 }}>
        {Boolean(refused) && <ErrorNotice error={refused} />}
        <Note>
          <Trans>类型不同，时限也不同：改了类型，到期日马上重新计算。</Trans>
        </Note>
        <Field id="kind" label={t`类型`} error={wrong.kind}>
          <select
            id="kind"
            className="inp"
            value={kind}
            disabled={complaint.kind === "report"}
            onChange={(event) => setKind(event.target.value as Schemas["ComplaintKind"])}
          >
            {(complaint.kind === "report" ? (["report"] as const) : kinds).map((code) => (
              <option key={code} value={code}>
                {t(complaintKindLabels[code])}
              </option>
            ))}
          </select>
        </Field>
        <Categories value={category} error={wrong.category_id} onChange={setCategory} />
      </div>
    </Modal>
  );
}

interface CategoriesProps {
  value: string;
  error?: string;
  onChange: (id: string) => void;
}

function Categories({ value, error, onChange }: CategoriesProps) {
  const { t, i18n } = useLingui();
  const [kept] = useState(value);
  const {
    data,
    error: failed,
    refetch,
  } = $api.useQuery("get", "/api/v1/categories", {
    params: { query: { include_closed: true } },
  });
  if (failed) return <ErrorNotice error={failed} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={2} label={t`正在取分类`} />;
  // A closed one is offered to nobody any more, but a case that has it does not lose it unnoticed.
  const offered = data.items.filter(({ id, closed_at }) => closed_at === null || id === kept);
  return (
    <Field id="category_id" label={t`分类`} error={error} isOptional>
      <select
        id="category_id"
        className="inp"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{t`不分类`}</option>
        {offered.map((item) => (
          <option key={item.id} value={item.id}>
            {"　".repeat(item.depth - 1)}
            {nameIn(i18n.locale, item)}
          </option>
        ))}
      </select>
    </Field>
  );
}
