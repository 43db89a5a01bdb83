import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { queueLink } from "../shared/filters";
import type { IconName } from "../shared/Icon";

interface NoticeWords {
  label: MessageDescriptor;
  icon: IconName;
  tone: "" | "so" | "la";
  /** Where all of the kind are, for a notice that stands for many. */
  list?: string;
}

/** Why a member is told of a case. Keyed by plain strings: a newer server may send codes of its own. */
export const noticeWords: Record<string, NoticeWords> = {
  assigned: { label: msg`交办给您`, icon: "handed", tone: "" },
  returned: { label: msg`答复退回修改`, icon: "pen", tone: "so" },
  complainant_wrote: { label: msg`投诉人补充了内容`, icon: "message", tone: "" },
  rated_unsatisfied: { label: msg`投诉人不满意`, icon: "face", tone: "so" },
  objected: { label: msg`单位提出异议`, icon: "handed", tone: "so" },
  extension_asked: { label: msg`申请延期或延长等待，等您批`, icon: "clock", tone: "so" },
  extension_decided: { label: msg`延期或延长等待的申请有了结果`, icon: "clock", tone: "" },
  supervised: { label: msg`已被督办`, icon: "bookmark", tone: "so" },
  emergency: { label: msg`紧急：有人可能有危险`, icon: "warn", tone: "la" },
  redo_asked: { label: msg`投诉人要求重办`, icon: "redo", tone: "so" },
  due_soon: {
    label: msg`快到期`,
    icon: "clock",
    tone: "so",
    list: queueLink({ phase: ["due_soon"] }, {}, "due_at"),
  },
  yellow_card: { label: msg`黄牌：已超期`, icon: "warn", tone: "so", list: "/cards?kind=yellow_card" },
  red_card: { label: msg`红牌：超期较久`, icon: "warn", tone: "la", list: "/cards?kind=red_card" },
  circular_notice: { label: msg`建议通报`, icon: "warn", tone: "la", list: "/cards?kind=circular_notice" },
  reported: { label: msg`督办件有了报告`, icon: "bookmark", tone: "" },
  report_missing: {
    label: msg`督办报告没有按时交`,
    icon: "bookmark",
    tone: "la",
    list: queueLink({ is_supervised: true }, {}, "due_at"),
  },
  replied: { label: msg`督办件已答复`, icon: "bookmark", tone: "" },
  supervision_lifted: { label: msg`督办已解除`, icon: "bookmark", tone: "" },
  new_case: {
    label: msg`新来件`,
    icon: "inbox",
    tone: "",
    list: queueLink({ state: ["received"] }, {}, "due_at"),
  },
  submitted: { label: msg`答复等您批`, icon: "pen", tone: "so" },
  withdrawn: { label: msg`投诉人撤回`, icon: "redo", tone: "" },
  card_appealed: { label: msg`单位申诉，等您决定`, icon: "warn", tone: "so" },
  card_decided: { label: msg`黄牌红牌有了决定`, icon: "warn", tone: "" },
  identity_asked: { label: msg`有人申请查看投诉人身份，等第二个人答复`, icon: "lock", tone: "so" },
  identity_answered: { label: msg`查看投诉人身份的申请有了答复`, icon: "lock", tone: "" },
  supervision_ended: { label: msg`督办件已结束`, icon: "bookmark", tone: "" },
};
