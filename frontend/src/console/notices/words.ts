import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { IconName } from "../shared/Icon";

interface NoticeWords {
  label: MessageDescriptor;
  icon: IconName;
  tone: "" | "so" | "la";
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
  due_soon: { label: msg`快到期`, icon: "clock", tone: "so" },
  yellow_card: { label: msg`黄牌：已超期`, icon: "warn", tone: "so" },
  red_card: { label: msg`红牌：超期较久`, icon: "warn", tone: "la" },
  circular_notice: { label: msg`建议通报`, icon: "warn", tone: "la" },
};
