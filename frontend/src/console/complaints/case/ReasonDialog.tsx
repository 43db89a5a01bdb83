import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useState } from "react";
import { fieldErrors } from "../../../api/problem";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { AreaField } from "../../shared/Field";
import { Note } from "../../shared/parts";
import type { CaseActions } from "./useCase";
import type { Case } from "./verbs";

type ReasonedVerb = "return" | "not_accept" | "conclude" | "withdraw";

interface Words {
  title: MessageDescriptor;
  reason: MessageDescriptor;
  hint?: MessageDescriptor;
  consequence: MessageDescriptor;
  confirm: MessageDescriptor;
  isOptional?: boolean;
  isDanger?: boolean;
}

const words: Record<ReasonedVerb, Words> = {
  return: {
    title: msg`退回修改`,
    reason: msg`要改哪里`,
    hint: msg`写明哪一部分、为什么，承办人照着改`,
    consequence: msg`答复稿回到承办人手里，时限照走。`,
    confirm: msg`退回`,
  },
  not_accept: {
    title: msg`不予受理`,
    reason: msg`为什么不受理`,
    hint: msg`用对方看得懂的话写，不要只写条款号`,
    consequence: msg`投诉人会看到理由和该去的地方。这一件就此结束，不能再受理。`,
    confirm: msg`不予受理`,
    isDanger: true,
  },
  conclude: {
    title: msg`办结`,
    reason: msg`办结说明`,
    consequence: msg`这一件就此结束，投诉人不能再评价，仍可申请复查。`,
    confirm: msg`办结`,
    isOptional: true,
  },
  withdraw: {
    title: msg`按投诉人意愿撤回`,
    reason: msg`投诉人怎么说的`,
    hint: msg`写明哪天、用什么方式告诉您的`,
    consequence: msg`这一件不再办理，不能恢复；记录和经过都会留着。`,
    confirm: msg`撤回这一件`,
    isDanger: true,
  },
};

interface ReasonDialogProps {
  verb: ReasonedVerb;
  complaint: Case;
  actions: CaseActions;
  onClose: () => void;
}

/** A step that needs a reason; says what it will bring about before it is done. */
export function ReasonDialog({ verb, complaint, actions, onClose }: ReasonDialogProps) {
  const { t } = useLingui();
  const [reason, setReason] = useState("");
  const [whereToGo, setWhereToGo] = useState("");
  const said = words[verb];
  const refused = actions.refusal?.verb === verb ? actions.refusal.error : null;
  const wrong = fieldErrors(refused);
  const title = t(said.title);
  const text = reason.trim();
  const isReady = Boolean(said.isOptional) || text !== "";
  const go = async () => {
    if (!isReady) return;
    const place = whereToGo.trim();
    const extra = verb === "not_accept" && place ? { where_to_go: place } : {};
    const body = said.isOptional && !text ? {} : { reason: text, ...extra };
    if (await actions.run(verb, body as { reason: string })) onClose();
  };
  return (
    <Modal
      open
      title={t`${title}：${complaint.number}`}
      okText={t(said.confirm)}
      okButtonProps={{ disabled: !isReady, danger: said.isDanger }}
      confirmLoading={actions.running === verb}
      onOk={() => void go()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div style={{ display: "grid", gap: 12, paddingTop: 8 }}>
        {Boolean(refused) && <ErrorNotice error={refused} />}
        <Note tone={said.isDanger ? "so" : ""}>{t(said.consequence)}</Note>
        <AreaField
          id="reason"
          label={t(said.reason)}
          hint={said.hint && t(said.hint)}
          error={wrong.reason}
          isOptional={said.isOptional}
          value={reason}
          maxLength={1000}
          onChange={(event) => setReason(event.target.value)}
        />
        {verb === "not_accept" && (
          <AreaField
            id="where_to_go"
            label={t`该去哪里`}
            hint={t`哪个部门、电话或地址；没有就不填`}
            error={wrong.where_to_go}
            isOptional
            rows={2}
            value={whereToGo}
            maxLength={500}
            onChange={(event) => setWhereToGo(event.target.value)}
          />
        )}
      </div>
    </Modal>
  );
}
