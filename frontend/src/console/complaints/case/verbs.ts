import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../../api/client";

export type Verb = Schemas["ComplaintAction"];
export type Case = Schemas["Complaint"];

export interface VerbBodies {
  accept: Schemas["EmptyBody"];
  not_accept: Schemas["NotAcceptComplaint"];
  assign: Schemas["AssignComplaint"];
  draft: Schemas["DraftComplaintReply"];
  approve: Schemas["ApproveComplaintReply"];
  return: Schemas["ReturnComplaintReply"];
  reply: Schemas["EmptyBody"];
  conclude: Schemas["ConcludeComplaint"];
  withdraw: Schemas["WithdrawComplaint"];
  message: Schemas["MessageComplainant"];
  name_accused: Schemas["NameAccused"];
}

export type DoableVerb = keyof VerbBodies;

interface VerbWords {
  label: MessageDescriptor;
  /** What it will do, said beside the button. */
  does: MessageDescriptor;
}

/** In the order in which they are offered: what moves the case on first. */
export const verbWords: Record<string, VerbWords> = {
  approve: { label: msg`批准答复`, does: msg`答复定稿；可以马上发给投诉人，也可以先批后发` },
  reply: { label: msg`发出答复`, does: msg`投诉人马上看得到，15天内可以评价` },
  accept: { label: msg`受理`, does: msg`告诉投诉人已经受理，从今天起算办理时限` },
  assign: { label: msg`交办`, does: msg`转到承办单位和承办人，时限不变` },
  draft: { label: msg`写答复`, does: msg`分四部分写，存了只有同事看得到` },
  return: { label: msg`退回修改`, does: msg`答复回到承办人，您写的理由他看得到` },
  message: { label: msg`给投诉人留言`, does: msg`投诉人凭查询码看得到，也能回话` },
  conclude: { label: msg`办结`, does: msg`结束这一件，投诉人不能再评价` },
  not_accept: { label: msg`不予受理`, does: msg`要写理由和该去哪里，投诉人看得到` },
  name_accused: { label: msg`指明被举报人`, does: msg`他们和所在单位从此看不到这一件` },
  withdraw: { label: msg`应要求撤回`, does: msg`不再办理，也不能恢复` },
};

export const verbOrder = Object.keys(verbWords);
