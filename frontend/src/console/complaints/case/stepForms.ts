import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { today } from "../../shared/due";
import type { Case, Verb } from "./verbs";

/** A field of a step's form; `name` is the API's. */
export interface StepField {
  name: string;
  label: MessageDescriptor;
  hint?: MessageDescriptor;
  kind: "text" | "days" | "day" | "count";
  isOptional?: boolean;
  rows?: number;
  max?: number;
}

export interface StepForm {
  title: MessageDescriptor;
  /** What it brings about, said before it is done. */
  consequence: MessageDescriptor;
  confirm: MessageDescriptor;
  isDanger?: boolean;
  fields: readonly StepField[];
}

const why = (label: MessageDescriptor, hint?: MessageDescriptor): StepField => ({
  name: "reason",
  label,
  hint,
  kind: "text",
});

/** The steps that need something written, each with what it will bring about. */
export const stepForms: Partial<Record<Verb, StepForm>> = {
  return: {
    title: msg`退回修改`,
    consequence: msg`答复稿回到承办人手里，时限照走。`,
    confirm: msg`退回`,
    fields: [why(msg`要改哪里`, msg`写明哪一部分、为什么，承办人照着改`)],
  },
  not_accept: {
    title: msg`不予受理`,
    consequence: msg`投诉人会看到理由和该去的地方。这一件就此结束，不能再受理。`,
    confirm: msg`不予受理`,
    isDanger: true,
    fields: [
      why(msg`为什么不受理`, msg`用对方看得懂的话写，不要只写条款号`),
      {
        name: "where_to_go",
        label: msg`该去哪里`,
        hint: msg`哪个部门、电话或地址；没有就不填`,
        kind: "text",
        isOptional: true,
        rows: 2,
        max: 500,
      },
    ],
  },
  refer: {
    title: msg`转送其他机关`,
    consequence: msg`投诉人会看到理由和主管机关。这一件在本系统就此结束。`,
    confirm: msg`转送`,
    isDanger: true,
    fields: [
      why(msg`为什么转送`, msg`说明归谁管、依据什么`),
      {
        name: "where_to_go",
        label: msg`主管机关和联系方式`,
        hint: msg`投诉人要照着去找，写全称和电话`,
        kind: "text",
        rows: 2,
        max: 500,
      },
    ],
  },
  conclude: {
    title: msg`办结`,
    consequence: msg`这一件就此结束；投诉人仍可申请复查。`,
    confirm: msg`办结`,
    fields: [{ name: "reason", label: msg`办结说明`, kind: "text", isOptional: true }],
  },
  withdraw: {
    title: msg`按投诉人意愿撤回`,
    consequence: msg`这一件不再办理，不能恢复；记录和经过都会留着。`,
    confirm: msg`撤回这一件`,
    isDanger: true,
    fields: [why(msg`投诉人怎么说的`, msg`写明哪天、用什么方式告诉您的`)],
  },
  object: {
    title: msg`提出异议`,
    consequence: msg`这一件停在本单位，由创先争优办决定交给谁办；异议不成立就由本单位办，不能再提。时限照走。`,
    confirm: msg`提出异议`,
    fields: [why(msg`为什么不归本单位办`, msg`最好写明应该归哪个单位`)],
  },
  wait: {
    title: msg`请投诉人补充`,
    consequence: msg`问题马上发给投诉人，期限从明天起暂停，到对方回话或等满为止。`,
    confirm: msg`发出并等待`,
    fields: [
      { name: "body", label: msg`问投诉人什么`, hint: msg`投诉人凭查询码看得到`, kind: "text", max: 2000 },
      { name: "days", label: msg`最多等几天`, kind: "days" },
    ],
  },
  ask_extension: {
    title: msg`申请延期`,
    consequence: msg`由负责人或局领导批准；批准后投诉人看得到理由。一种期限只能延一次。`,
    confirm: msg`提交申请`,
    fields: [
      { name: "days", label: msg`延长几天`, kind: "days" },
      why(msg`为什么要延期`, msg`批准后投诉人看得到，写清卡在哪里`),
    ],
  },
  extend: {
    title: msg`批准延期`,
    consequence: msg`期限马上延长，投诉人看得到理由；不能撤回。`,
    confirm: msg`批准`,
    fields: [],
  },
  refuse_extension: {
    title: msg`不同意延期`,
    consequence: msg`期限不变，申请人会收到提醒。`,
    confirm: msg`不同意`,
    fields: [why(msg`为什么不同意`)],
  },
  ask_longer_hold: {
    title: msg`申请延长等待`,
    consequence: msg`由负责人批准。正在等的，批准后接着等；没在等的，批准后可以再问投诉人。`,
    confirm: msg`提交申请`,
    fields: [
      { name: "days", label: msg`多等几天`, kind: "days" },
      why(msg`为什么要多等`, msg`写清投诉人为什么一时答不了`),
    ],
  },
  grant_longer_hold: {
    title: msg`批准延长等待`,
    consequence: msg`等待的天数马上增加，期限相应暂停；不能撤回。`,
    confirm: msg`批准`,
    fields: [],
  },
  refuse_longer_hold: {
    title: msg`不同意延长等待`,
    consequence: msg`等待的天数不变，申请人会收到提醒。`,
    confirm: msg`不同意`,
    fields: [why(msg`为什么不同意`)],
  },
  note: {
    title: msg`记办理进展`,
    consequence: msg`写进经过，只有看得到这一件的同事能看；投诉人看不到。`,
    confirm: msg`记下`,
    fields: [{ name: "note", label: msg`做了什么、查到什么`, kind: "text" }],
  },
  supervise: {
    title: msg`督办`,
    consequence: msg`承办人和负责人马上收到提醒，要按时报告，直到解除督办；定了日期的，比原期限早就按这个日期算。`,
    confirm: msg`督办`,
    fields: [
      why(msg`为什么督办`),
      { name: "due_on", label: msg`要求哪天前办结`, kind: "day", isOptional: true },
      {
        name: "report_days",
        label: msg`几个工作日报告一次`,
        hint: msg`不填按全县的设置；填0就是有进展才报`,
        kind: "count",
        isOptional: true,
      },
    ],
  },
  report: {
    title: msg`报告督办进展`,
    consequence: msg`督办人马上收到；只有看得到这一件的同事能看。下一次报告从今天起算。`,
    confirm: msg`报告`,
    fields: [
      {
        name: "report",
        label: msg`办到哪一步了`,
        hint: msg`做了什么、还差什么、什么时候能办完`,
        kind: "text",
      },
    ],
  },
  lift_supervision: {
    title: msg`解除督办`,
    consequence: msg`恢复按原来的期限计算，不再要报告；记录留着，承办人和负责人收到提醒。`,
    confirm: msg`解除`,
    fields: [why(msg`为什么解除`)],
  },
  mark_emergency: {
    title: msg`标为紧急`,
    consequence: msg`负责人、创先争优办和局领导马上收到提醒，投诉人的页面会显示110、120等电话。不能取消。`,
    confirm: msg`标为紧急`,
    isDanger: true,
    fields: [why(msg`有什么危险`, msg`写明谁、在哪里、什么情况`)],
  },
  unmerge: {
    title: msg`撤销合并`,
    consequence: msg`这一件重新单独办理，要单独答复；受理日期照旧。`,
    confirm: msg`撤销合并`,
    fields: [],
  },
};

/** What the fields hold before anything is typed. */
export function initialValues(form: StepForm, complaint: Case): Record<string, string> {
  const usual = form === stepForms.wait || form === stepForms.ask_longer_hold ? 5 : 10;
  const days = Math.max(1, Math.min(usual, mostDays(form, complaint)));
  return Object.fromEntries(form.fields.map(({ name, kind }) => [name, kind === "days" ? String(days) : ""]));
}

/** The body of the request; optional fields that are blank are left out. */
export function bodyOf(form: StepForm, values: Record<string, string>): object {
  const said = form.fields
    .map((field) => [field, (values[field.name] ?? "").trim()] as const)
    .filter(([field, text]) => text !== "" || !field.isOptional)
    .map(([field, text]) => [field.name, isNumber(field) ? Number(text) : text]);
  return Object.fromEntries(said);
}

const isNumber = ({ kind }: StepField) => kind === "days" || kind === "count";

/** The most working days between two reports. */
export const REPORT_DAYS_MAX = 30;

export const isCount = (text: string) => /^\d+$/.test(text) && Number(text) <= REPORT_DAYS_MAX;

export function isComplete(form: StepForm, values: Record<string, string>, complaint: Case): boolean {
  return form.fields.every((field) => {
    const text = (values[field.name] ?? "").trim();
    if (text === "") return field.isOptional === true;
    if (field.kind === "days") return isDayCount(Number(text), mostDays(form, complaint));
    if (field.kind === "count") return isCount(text);
    if (field.kind === "day") return text >= today();
    return text.length >= 2;
  });
}

export const isDayCount = (days: number, most: number) => Number.isInteger(days) && days >= 1 && days <= most;

/** As many days as the case has left of what a form asks for. */
export function mostDays(form: StepForm, complaint: Case): number {
  if (form === stepForms.ask_extension) return complaint.extension_days ?? 30;
  if (form === stepForms.ask_longer_hold) return complaint.longer_hold_days ?? 30;
  return complaint.hold_days_left;
}
