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
  refer: Schemas["ReferComplaint"];
  merge: Schemas["MergeComplaint"];
  unmerge: Schemas["EmptyBody"];
  classify: Schemas["ClassifyComplaint"];
  object: Schemas["ComplaintStepReason"];
  wait: Schemas["HoldComplaint"];
  resume: Schemas["EmptyBody"];
  ask_extension: Schemas["AskComplaintExtension"];
  extend: Schemas["EmptyBody"];
  refuse_extension: Schemas["ComplaintStepReason"];
  ask_longer_hold: Schemas["AskLongerHold"];
  grant_longer_hold: Schemas["EmptyBody"];
  refuse_longer_hold: Schemas["ComplaintStepReason"];
  note: Schemas["NoteComplaintProgress"];
  supervise: Schemas["SuperviseComplaint"];
  report: Schemas["ReportComplaintProgress"];
  lift_supervision: Schemas["ComplaintStepReason"];
  mark_emergency: Schemas["ComplaintStepReason"];
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
  extend: { label: msg`批准延期`, does: msg`期限按申请延长，投诉人看得到理由` },
  refuse_extension: { label: msg`不同意延期`, does: msg`期限不变，申请人看得到您的理由` },
  grant_longer_hold: { label: msg`批准延长等待`, does: msg`可以多等申请的天数，期限相应暂停` },
  refuse_longer_hold: { label: msg`不同意延长等待`, does: msg`等待天数不变，申请人看得到您的理由` },
  return: { label: msg`退回修改`, does: msg`答复回到承办人，您写的理由他看得到` },
  message: { label: msg`给投诉人留言`, does: msg`投诉人凭查询码看得到，也能回话` },
  wait: { label: msg`请投诉人补充`, does: msg`发出问题，期限暂停到对方回话` },
  resume: { label: msg`不再等补充`, does: msg`期限接着走，等过的天数不计` },
  conclude: { label: msg`办结`, does: msg`表扬转达了，或者投诉人已经没有可做的了，就此结束` },
  not_accept: { label: msg`不予受理`, does: msg`要写理由和该去哪里，投诉人看得到` },
  name_accused: { label: msg`指明被举报人`, does: msg`他们和所在单位从此看不到这一件` },
  report: { label: msg`报告督办进展`, does: msg`写办到哪一步了，督办人马上收到` },
  note: { label: msg`记办理进展`, does: msg`只有同事看得到` },
  ask_extension: { label: msg`申请延期`, does: msg`由负责人批准，只能延一次` },
  ask_longer_hold: { label: msg`申请延长等待`, does: msg`等投诉人补充的天数不够用时，由负责人批准` },
  object: { label: msg`提出异议`, does: msg`不归本单位办的，退给创先争优办重新交办` },
  classify: { label: msg`改类型和分类`, does: msg`类型不同，时限也不同` },
  merge: { label: msg`并入另一件`, does: msg`说的是同一件事；那一件答复时，这一件的投诉人也收到` },
  unmerge: { label: msg`撤销合并`, does: msg`这一件重新单独办理和答复` },
  refer: { label: msg`转送其他机关`, does: msg`不归教育部门管的，告诉投诉人该去哪里` },
  supervise: { label: msg`督办`, does: msg`写明理由，可以另定日期，承办单位马上收到提醒` },
  lift_supervision: { label: msg`解除督办`, does: msg`恢复原来的时限，不再要报告` },
  mark_emergency: { label: msg`标为紧急`, does: msg`孩子有危险或有生命威胁：马上提醒负责人和值班领导` },
  withdraw: { label: msg`应要求撤回`, does: msg`不再办理，也不能恢复` },
};

export const verbOrder = Object.keys(verbWords);

/** What is seldom needed: behind "more", so that the next step stands out. */
const seldom: ReadonlySet<string> = new Set([
  "note",
  "ask_extension",
  "ask_longer_hold",
  "lift_supervision",
  "object",
  "classify",
  "merge",
  "refer",
  "supervise",
  "mark_emergency",
  "name_accused",
  "not_accept",
  "withdraw",
]);
/** While it is decided whether a case is ours at all, saying no is as near as saying yes. */
const screening: ReadonlySet<string> = new Set(["not_accept", "refer"]);

export function isSeldom(verb: string, state: string): boolean {
  return seldom.has(verb) && !(state === "received" && screening.has(verb));
}
