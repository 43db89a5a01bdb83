import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";
import { complaintStateLabels } from "../../shared/labels";

/** Words for codes. Keyed by plain strings: a server that is newer than this page may send codes of its own. */
export type Words = Record<string, MessageDescriptor>;

export function wordFor(words: Words, code: string): MessageDescriptor {
  return words[code] ?? { id: code, message: code };
}

export const stateWords: Words = {
  ...complaintStateLabels,
  received: msg`待受理`,
  referred: msg`已转送`,
  sealed: msg`密件`,
  duplicate: msg`已并入`,
  assigned: msg`已交办`,
  objected: msg`有异议`,
  in_handling: msg`办理中`,
  waiting: msg`等投诉人补充`,
  reply_drafted: msg`答复待批`,
  redoing: msg`重办中`,
  review_requested: msg`已申请复查`,
  reviewed: msg`已复查`,
  rereview_requested: msg`已申请复核`,
  final: msg`终结`,
};

export const phaseWords: Words = {
  on_time: msg`未到期`,
  due_soon: msg`快到期`,
  overdue: msg`已超期`,
  long_overdue: msg`超期30天以上`,
  none: msg`不计时`,
};

export const channelWords: Words = {
  web: msg`网上`,
  mobile: msg`手机应用`,
  phone: msg`电话`,
  counter: msg`窗口`,
  mailbox: msg`信箱`,
  email: msg`邮件`,
  import: msg`导入`,
  api: msg`接口`,
};

export const roleWords: Words = {
  member: msg`成员`,
  handler: msg`投诉受理岗`,
  unit_head: msg`单位负责人`,
  leader: msg`局领导`,
  campaign_office: msg`创先争优办`,
  inspector: msg`纪检督查`,
  supervisor: msg`监督员`,
  admin: msg`系统管理员`,
  security_admin: msg`安全管理员`,
  audit_admin: msg`审计管理员`,
  integrator: msg`接口账号`,
};

/** What happened, in the timeline. */
export const stepWords: Words = {
  received: msg({ message: "收到", context: "step" }),
  filed: msg({ message: "收到", context: "step" }),
  imported: msg({ message: "导入", context: "step" }),
  amended: msg({ message: "导入更新", context: "step" }),
  accept: msg({ message: "受理", context: "step" }),
  accepted: msg({ message: "受理", context: "step" }),
  not_accept: msg({ message: "不予受理", context: "step" }),
  not_accepted: msg({ message: "不予受理", context: "step" }),
  assign: msg({ message: "交办", context: "step" }),
  assigned: msg({ message: "交办", context: "step" }),
  handling: msg({ message: "开始办理", context: "step" }),
  in_handling: msg({ message: "开始办理", context: "step" }),
  draft: msg({ message: "写答复稿", context: "step" }),
  drafted: msg({ message: "写答复稿", context: "step" }),
  submit: msg({ message: "答复送审", context: "step" }),
  submitted: msg({ message: "答复送审", context: "step" }),
  reply_drafted: msg({ message: "答复送审", context: "step" }),
  approve: msg({ message: "批准答复", context: "step" }),
  approved: msg({ message: "批准答复", context: "step" }),
  return: msg({ message: "退回修改", context: "step" }),
  returned: msg({ message: "退回修改", context: "step" }),
  reply: msg({ message: "发出答复", context: "step" }),
  replied: msg({ message: "发出答复", context: "step" }),
  message: msg({ message: "给投诉人留言", context: "step" }),
  messaged: msg({ message: "给投诉人留言", context: "step" }),
  add: msg({ message: "投诉人补充", context: "step" }),
  added: msg({ message: "投诉人补充", context: "step" }),
  rate: msg({ message: "投诉人评价", context: "step" }),
  rated: msg({ message: "投诉人评价", context: "step" }),
  conclude: msg({ message: "办结", context: "step" }),
  concluded: msg({ message: "办结", context: "step" }),
  withdraw: msg({ message: "撤回", context: "step" }),
  withdrawn: msg({ message: "撤回", context: "step" }),
  name_accused: msg({ message: "指明被举报人", context: "step" }),
  accused_named: msg({ message: "指明被举报人", context: "step" }),
  referred: msg({ message: "转送其他机关", context: "step" }),
  merged: msg({ message: "并入另一件", context: "step" }),
  unmerged: msg({ message: "撤销合并", context: "step" }),
  classified: msg({ message: "改类型和分类", context: "step" }),
  objected: msg({ message: "单位提出异议", context: "step" }),
  held: msg({ message: "请投诉人补充，期限暂停", context: "step" }),
  resumed: msg({ message: "期限恢复", context: "step" }),
  extension_asked: msg({ message: "申请延期", context: "step" }),
  extended: msg({ message: "批准延期", context: "step" }),
  extension_refused: msg({ message: "不同意延期", context: "step" }),
  longer_hold_asked: msg({ message: "申请延长等待", context: "step" }),
  longer_hold_granted: msg({ message: "批准延长等待", context: "step" }),
  longer_hold_refused: msg({ message: "不同意延长等待", context: "step" }),
  identity_asked: msg({ message: "申请查看投诉人身份", context: "step" }),
  identity_approved: msg({ message: "同意查看投诉人身份", context: "step" }),
  identity_refused: msg({ message: "不同意查看投诉人身份", context: "step" }),
  identity_withdrawn: msg({ message: "撤回查看身份的申请", context: "step" }),
  identity_held: msg({ message: "保留联系方式", context: "step" }),
  identity_released: msg({ message: "不再保留联系方式", context: "step" }),
  identity_erased: msg({ message: "联系方式到期清除", context: "step" }),
  originals_erased: msg({ message: "照片原件到期清除", context: "step" }),
  identity_read: msg({ message: "查看了投诉人身份", context: "step" }),
  attached: msg({ message: "附上文件", context: "step" }),
  attachment_removed: msg({ message: "移除附件", context: "step" }),
  attachment_refused: msg({ message: "附件不能接收，已清除", context: "step" }),
  attachment_infected: msg({ message: "附件有病毒，已清除", context: "step" }),
  noted: msg({ message: "办理进展", context: "step" }),
  supervised: msg({ message: "督办", context: "step" }),
  reported: msg({ message: "报告督办进展", context: "step" }),
  report_missed: msg({ message: "督办报告没有按时交", context: "step" }),
  supervision_lifted: msg({ message: "解除督办", context: "step" }),
  supervision_ended: msg({ message: "督办随结案结束", context: "step" }),
  emergency_marked: msg({ message: "标为紧急", context: "step" }),
  redo_asked: msg({ message: "投诉人不满意，要求重办", context: "step" }),
  reminded: msg({ message: "催办", context: "step" }),
  card_appealed: msg({ message: "单位申诉", context: "step" }),
  card_upheld: msg({ message: "申诉后维持", context: "step" }),
  card_lifted: msg({ message: "撤销黄牌红牌", context: "step" }),
  notice_issued: msg({ message: "在内部通报", context: "step" }),
  notice_dropped: msg({ message: "不通报", context: "step" }),
  due_moved: msg({ message: "办理期限调整", context: "step" }),
  due_bound: msg({ message: "期限随并入件调整", context: "step" }),
};

/** As the templates and their error messages name the columns, by what the rows are. */
export const importFieldWords: Record<Schemas["ImportKind"], Words> = {
  complaints: {
    external_ref: msg`留言编号`,
    author: msg`留言用户`,
    title: msg`留言主题`,
    received_at: msg`留言时间`,
    body: msg`留言详情`,
    reply: msg`答复意见`,
    replied_at: msg`答复时间`,
    kind: msg`留言类型`,
    category: msg`分类`,
    unit: msg`承办单位`,
  },
  units: {
    code: msg`单位编码`,
    name: msg`单位名称`,
    name_en: msg`英文名称`,
    kind: msg`类型`,
    parent: msg`上级单位`,
    head: msg`负责人`,
    hotline: msg`电话`,
    address: msg`地址`,
    opening_hours: msg`办公时间`,
    closed_on: msg`撤销日期`,
  },
  members: {
    staff_number: msg`工号`,
    name: msg`姓名`,
    name_en: msg`英文名`,
    unit: msg`单位`,
    post: msg`职务`,
    post_en: msg`英文职务`,
    branch: msg`党支部`,
    is_party_member: msg`是否党员`,
    closed_on: msg`撤销日期`,
  },
};

/** What the rows of a file are. */
export const importKindWords: Words = {
  complaints: msg`台账`,
  units: msg({ message: "单位", context: "page" }),
  members: msg`成员`,
};
