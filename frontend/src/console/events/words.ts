import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";
import { complaintKindLabels, satisfactionLabels, unitKindLabels } from "../../shared/labels";
import { linkWords } from "../accounts/words";
import { rungs } from "../complaints/case/Timeline";
import { groups } from "../settings/groups";
import { channelWords, roleWords, stateWords, type Words } from "../shared/labels";
import { purposeWords } from "../templates/TemplatesPage";

export type Action = Schemas["EventAction"];
export type SubjectKind = Schemas["EventSubjectKind"];
export type ActorKind = Schemas["EventActorKind"];

/** What each event says, as what somebody did. The type holds it to the server's list: an action without words is an error. */
export const actionWords: Record<Action, MessageDescriptor> = {
  "accounts.created": msg({ message: "开通账号", context: "event" }),
  "accounts.password_changed": msg({ message: "修改密码", context: "event" }),
  "accounts.session_ended": msg({ message: "退出一处登录", context: "event" }),
  "accounts.other_sessions_ended": msg({ message: "退出其他所有登录", context: "event" }),
  "accounts.link_issued": msg({ message: "发出账号链接", context: "event" }),
  "accounts.link_revoked": msg({ message: "收回账号链接", context: "event" }),
  "accounts.password_reset": msg({ message: "凭链接重设密码", context: "event" }),
  "accounts.second_factor_enrolled": msg({ message: "设置两步验证", context: "event" }),
  "accounts.second_factor_turned_off": msg({ message: "关闭两步验证", context: "event" }),
  "accounts.second_factor_removed": msg({ message: "解除别人的两步验证", context: "event" }),
  "accounts.recovery_codes_made": msg({ message: "重新生成恢复码", context: "event" }),
  "accounts.recovery_code_used": msg({ message: "用恢复码证明身份", context: "event" }),
  "calendars.loaded": msg({ message: "载入工作日历", context: "event" }),
  "calendars.amended": msg({ message: "随次年通知修改十二月", context: "event" }),
  "categories.created": msg({ message: "新增分类", context: "event" }),
  "categories.edited": msg({ message: "修改分类", context: "event" }),
  "categories.closed": msg({ message: "停用分类", context: "event" }),
  "categories.reopened": msg({ message: "恢复分类", context: "event" }),
  "complaints.received": msg({ message: "提交诉求", context: "event" }),
  "complaints.imported": msg({ message: "从台账导入", context: "event" }),
  "complaints.amended": msg({ message: "按台账更新", context: "event" }),
  "complaints.accepted": msg({ message: "受理", context: "event" }),
  "complaints.not_accepted": msg({ message: "不予受理", context: "event" }),
  "complaints.assigned": msg({ message: "交办", context: "event" }),
  "complaints.drafted": msg({ message: "存答复稿", context: "event" }),
  "complaints.submitted": msg({ message: "答复送审", context: "event" }),
  "complaints.approved": msg({ message: "批准答复", context: "event" }),
  "complaints.returned": msg({ message: "退回答复", context: "event" }),
  "complaints.replied": msg({ message: "发出答复", context: "event" }),
  "complaints.messaged": msg({ message: "给投诉人留言", context: "event" }),
  "complaints.added": msg({ message: "补充内容", context: "event" }),
  "complaints.rated": msg({ message: "评价答复", context: "event" }),
  "complaints.concluded": msg({ message: "办结", context: "event" }),
  "complaints.withdrawn": msg({ message: "撤回诉求", context: "event" }),
  "complaints.referred": msg({ message: "转送其他机关", context: "event" }),
  "complaints.merged": msg({ message: "并入另一件", context: "event" }),
  "complaints.unmerged": msg({ message: "撤销合并", context: "event" }),
  "complaints.classified": msg({ message: "修改种类和分类", context: "event" }),
  "complaints.objected": msg({ message: "提出异议", context: "event" }),
  "complaints.held": msg({ message: "请投诉人补充，期限暂停", context: "event" }),
  "complaints.resumed": msg({ message: "期限恢复", context: "event" }),
  "complaints.extension_asked": msg({ message: "申请延期", context: "event" }),
  "complaints.extended": msg({ message: "批准延期", context: "event" }),
  "complaints.extension_refused": msg({ message: "不同意延期", context: "event" }),
  "complaints.noted": msg({ message: "记录办理进展", context: "event" }),
  "complaints.longer_hold_asked": msg({ message: "申请延长等待", context: "event" }),
  "complaints.longer_hold_granted": msg({ message: "批准延长等待", context: "event" }),
  "complaints.longer_hold_refused": msg({ message: "不同意延长等待", context: "event" }),
  "complaints.supervised": msg({ message: "督办", context: "event" }),
  "complaints.reported": msg({ message: "报告督办进展", context: "event" }),
  "complaints.report_missed": msg({ message: "催要督办报告", context: "event" }),
  "complaints.supervision_lifted": msg({ message: "解除督办", context: "event" }),
  "complaints.supervision_ended": msg({ message: "督办随办件结束", context: "event" }),
  "complaints.emergency_marked": msg({ message: "标为紧急", context: "event" }),
  "complaints.redo_asked": msg({ message: "要求重办", context: "event" }),
  "complaints.reminded": msg({ message: "催办", context: "event" }),
  "complaints.card_appealed": msg({ message: "对亮牌提出申诉", context: "event" }),
  "complaints.card_upheld": msg({ message: "维持亮牌", context: "event" }),
  "complaints.card_lifted": msg({ message: "撤销亮牌", context: "event" }),
  "complaints.notice_issued": msg({ message: "决定内部通报", context: "event" }),
  "complaints.notice_dropped": msg({ message: "决定不通报", context: "event" }),
  "complaints.due_moved": msg({ message: "调整办理期限", context: "event" }),
  "complaints.due_bound": msg({ message: "随并入件调整期限", context: "event" }),
  "complaints.accused_named": msg({ message: "指明被举报人", context: "event" }),
  "complaints.read": msg({ message: "查阅办件", context: "event" }),
  "exports.begun": msg({ message: "开始导出", context: "event" }),
  "exports.made": msg({ message: "导出", context: "event" }),
  "imports.requested": msg({ message: "提交台账导入", context: "event" }),
  "imports.finished": msg({ message: "台账导入结束", context: "event" }),
  "log_verifications.requested": msg({ message: "要求核验日志", context: "event" }),
  "log_verifications.finished": msg({ message: "日志核验结束", context: "event" }),
  "members.created": msg({ message: "新增成员", context: "event" }),
  "members.edited": msg({ message: "修改成员信息", context: "event" }),
  "members.moved": msg({ message: "调动成员", context: "event" }),
  "members.closed": msg({ message: "办理离任", context: "event" }),
  "reply_templates.created": msg({ message: "新增模板", context: "event" }),
  "reply_templates.edited": msg({ message: "修改模板", context: "event" }),
  "reply_templates.closed": msg({ message: "停用模板", context: "event" }),
  "role_grants.granted": msg({ message: "授予角色", context: "event" }),
  "role_grants.deputised": msg({ message: "指定代理人", context: "event" }),
  "role_grants.ended": msg({ message: "收回角色", context: "event" }),
  "saved_views.saved": msg({ message: "保存视图", context: "event" }),
  "saved_views.deleted": msg({ message: "删除视图", context: "event" }),
  "settings.changed": msg({ message: "修改设置", context: "event" }),
  "units.created": msg({ message: "新增单位", context: "event" }),
  "units.edited": msg({ message: "修改单位信息", context: "event" }),
  "units.moved": msg({ message: "改变上级单位", context: "event" }),
  "units.closed": msg({ message: "撤销单位", context: "event" }),
};

export const subjectWords: Record<SubjectKind, MessageDescriptor> = {
  complaints: msg({ message: "办件", context: "event" }),
  accounts: msg({ message: "账号", context: "event" }),
  calendars: msg({ message: "工作日历", context: "event" }),
  categories: msg({ message: "分类", context: "event" }),
  exports: msg({ message: "导出", context: "event" }),
  imports: msg({ message: "导入", context: "event" }),
  log_verifications: msg({ message: "日志核验", context: "event" }),
  members: msg({ message: "成员", context: "event" }),
  reply_templates: msg({ message: "模板", context: "event" }),
  role_grants: msg({ message: "角色", context: "event" }),
  saved_views: msg({ message: "保存的视图", context: "event" }),
  settings: msg({ message: "设置", context: "event" }),
  units: msg({ message: "单位", context: "event" }),
};

/** What a verification can find. */
export const faultWords: Record<Schemas["LogFaultKind"], MessageDescriptor> = {
  event_changed: msg`事件被改过`,
  detail_changed: msg`事件的详情被改过`,
  event_gone: msg`事件被删去`,
  entry_gone: msg`日志项缺失`,
  tree: msg`散列树不符`,
  checkpoint: msg`检查点不符`,
  head: msg`日志末端不符`,
  outside: msg`与外存的检查点不符`,
  event_unknown: msg`事件没有封存`,
  event_late: msg`事件等待封存过久`,
  event_lost: msg`等待封存的事件缺失`,
};

export const actorWords: Record<ActorKind, MessageDescriptor> = {
  member: msg`工作人员`,
  complainant: msg`公众`,
  system: msg`系统`,
};

const settingWords: Words = Object.fromEntries(
  groups.flatMap(({ settings }) => settings.map(({ name, label }) => [name, label])),
);

/** What a line of an event is about. */
export const factWords: Words = {
  ...settingWords,
  rolls_forward: msg`期限在休息日时顺延`,
  state: msg`状态`,
  kind: msg`种类`,
  channel: msg`渠道`,
  unit: msg`单位`,
  units: msg`单位`,
  parent: msg`上级`,
  handler: msg`承办人`,
  member: msg({ message: "成员", context: "event" }),
  members: msg`被举报的人`,
  reason: msg`理由`,
  note: msg`说明`,
  into: msg({ message: "并入", context: "event" }),
  category: msg`分类`,
  until: msg`最迟等到`,
  due_on: msg`期限`,
  clock: msg`时限`,
  days: msg`天数`,
  rung: msg({ message: "催办", context: "step" }),
  level: msg`评价`,
  objection_upheld: msg`异议成立`,
  fields: msg`改了`,
  role: msg`角色`,
  year: msg`年份`,
  name: msg`名称`,
  position: msg({ message: "排序", context: "event" }),
  purpose: msg`用途`,
  dry_run: msg`只是试运行`,
  of: msg({ message: "内容", context: "event" }),
  format: msg`格式`,
  filters: msg`筛选条件`,
  rows_at_least: msg`行数不少于`,
  created_at_least: msg`新增不少于`,
  updated_at_least: msg`更新不少于`,
  failed_at_least: msg`读不了的不少于`,
  faults: msg`不符之处`,
};

/** The settings and what stands beside them in the address of a list that was taken out. */
const filterWords: Words = {
  q: msg`查找词`,
  state: msg`状态`,
  phase: msg`时限`,
  channel: msg`渠道`,
  kind: msg`种类`,
  unit_id: msg`单位`,
  unit_only: msg`下属单位`,
  unit_kind: msg`单位类型`,
  handler_id: msg`承办人`,
  has_handler: msg`承办人`,
  category_id: msg`分类`,
  category_only: msg`下级分类`,
  has_category: msg`分类`,
  received_from: msg`收到日期`,
  received_to: msg`收到日期`,
  replied_from: msg`答复日期`,
  replied_to: msg`答复日期`,
  ended_from: msg`办结日期`,
  ended_to: msg`办结日期`,
  due_from: msg`到期日`,
  due_before: msg`到期日`,
  days_to_reply_over: msg`答复用时`,
  satisfaction: msg`满意度`,
  is_rated: msg`有没有评价`,
  is_replied: msg`有没有答复`,
  is_rated_unsatisfied: msg`评价`,
  is_emergency: msg`紧急`,
  is_supervised: msg`督办中`,
  supervisor_id: msg`督办人`,
  report_due_before: msg`督办报告`,
  is_redone: msg`重办`,
  is_extension_asked: msg`等批延期`,
  is_anonymous: msg`匿名`,
  year: msg`收到年份`,
  action: msg`做了什么`,
  subject_kind: msg`对象类型`,
  subject_id: msg({ message: "对象", context: "log" }),
  actor_kind: msg({ message: "谁", context: "log" }),
  actor_id: msg({ message: "谁", context: "log" }),
  acting_for_id: msg({ message: "代谁", context: "log" }),
  from: msg`日期`,
  to: msg`日期`,
};

const fieldWords: Words = {
  name: msg`名称`,
  name_en: msg`英文名`,
  head: msg`负责人`,
  hotline: msg`公开电话`,
  address: msg`地址`,
  opening_hours: msg`开放时间`,
  post: msg`岗位`,
  post_en: msg`岗位英文名`,
  branch_id: msg`党支部`,
  branch: msg`党支部`,
  is_party_member: msg`党员`,
};

const yesNo: Words = { true: msg`是`, false: msg`否` };

const clockWords: Words = {
  tell: msg`告知是否受理`,
  decide: msg`受理后办结`,
  hotline: msg`热线工单`,
  inquiry: msg`答复咨询`,
  suggestion: msg`答复建议`,
  redo: msg`重办时限`,
  supervision: msg`督办`,
  duplicate: msg`并入件时限`,
};

const runWords: Words = { succeeded: msg`完成`, finished: msg`完成`, failed: msg`没有做完` };

/** Words for the codes that stand as values, by what they are values of. */
export const valueWords: Record<string, Words> = {
  state: { ...runWords, ...stateWords },
  kind: { ...complaintKindLabels, ...unitKindLabels, ...linkWords },
  channel: channelWords,
  rung: rungs,
  role: roleWords,
  purpose: purposeWords,
  clock: clockWords,
  level: satisfactionLabels,
  fields: fieldWords,
  filters: filterWords,
  dry_run: yesNo,
  objection_upheld: yesNo,
  rolls_forward: yesNo,
  of: { complaints: msg`办件清单`, events: msg`事件日志`, statistics: msg`统计报表` },
  format: { xlsx: msg`Excel 工作簿` },
};

/** The actions of a kind of thing, in the order of the list above. */
export function actionsOf(kind: SubjectKind): Action[] {
  return (Object.keys(actionWords) as Action[]).filter((action) => action.startsWith(`${kind}.`));
}
