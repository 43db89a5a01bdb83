import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../api/client";

/** One word for each code, in one place, so that a state is never called two things. `t(label)` gives the words. */
type Labels<Code extends string> = Record<Code, MessageDescriptor>;

export const unitKindLabels: Labels<Schemas["OrgUnitKind"]> = {
  bureau: msg`教育局`,
  office: msg`股室`,
  school: msg`学校`,
  kindergarten: msg`幼儿园`,
  branch: msg`党支部`,
  window: msg`窗口`,
};

export const complaintKindLabels: Labels<Schemas["ComplaintKind"]> = {
  grievance: msg`投诉`,
  report: msg`举报`,
  suggestion: msg`建议`,
  inquiry: msg`咨询`,
  praise: msg`表扬`,
};

export const complaintStateLabels: Labels<Schemas["ComplaintState"]> = {
  received: msg`已收到`,
  accepted: msg`已受理`,
  not_accepted: msg`不予受理`,
  referred: msg`已转送`,
  sealed: msg`专人办理`,
  duplicate: msg`重复提交`,
  assigned: msg`已转办`,
  objected: msg`单位提出异议`,
  in_handling: msg`办理中`,
  waiting: msg`等补充`,
  reply_drafted: msg`答复待审`,
  replied: msg`已答复`,
  redoing: msg`重新办理`,
  concluded: msg`已办结`,
  review_requested: msg`申请复查`,
  reviewed: msg`已复查`,
  rereview_requested: msg`申请复核`,
  final: msg`已终结`,
  withdrawn: msg`已撤回`,
};

/** 5 is the best. */
export const satisfactionLabels: Record<number, MessageDescriptor> = {
  5: msg`非常满意`,
  4: msg`满意`,
  3: msg`基本满意`,
  2: msg`不满意`,
  1: msg`非常不满意`,
};
