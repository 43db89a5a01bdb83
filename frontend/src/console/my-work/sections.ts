import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { addDays, today } from "../shared/due";
import type { Filters, Sort } from "../shared/filters";
import type { IconName } from "../shared/Icon";
import { LATE, OPEN, WORKING } from "../shared/states";

export interface Section {
  id: string;
  icon: IconName;
  title: MessageDescriptor;
  hint?: MessageDescriptor;
  tone?: "late";
  filters: Filters;
  sort: Sort;
}

const APPROVERS = ["unit_head", "inspector"];
const SCREENERS = ["handler", "campaign_office", "inspector"];

interface Kind extends Section {
  /** Whose work it is; everybody's where nothing is said. */
  roles?: string[];
  /** Only what was answered in so many days: older is no work of today. */
  repliedWithin?: number;
}

/** Midnight after the next day: a report that is due tomorrow is begun today. */
const soon = () => new Date(`${addDays(today(), 2)}T00:00:00+08:00`).toISOString();

const all = (): Kind[] => [
  {
    id: "late",
    icon: "warn",
    title: msg`已超期`,
    hint: msg`先办这些`,
    tone: "late",
    filters: { phase: LATE },
    sort: "due_at",
  },
  {
    id: "emergency",
    icon: "warn",
    title: msg`紧急`,
    hint: msg`先联系本人和学校，再写办理进展`,
    tone: "late",
    filters: { is_emergency: true, state: OPEN },
    sort: "-received_at",
  },
  {
    id: "reports",
    icon: "bookmark",
    title: msg`要交的督办报告`,
    hint: msg`写几句办到哪一步了，督办人马上收到`,
    tone: "late",
    filters: { report_due_before: soon() },
    // Not by due date: an answered case has none, and still owes its report.
    sort: "received_at",
    roles: ["handler", "unit_head"],
  },
  { id: "soon", icon: "clock", title: msg`今天和快要到期`, filters: { phase: ["due_soon"] }, sort: "due_at" },
  {
    id: "approve",
    icon: "pen",
    title: msg`等负责人批`,
    hint: msg`自己写的答复不能自己批`,
    filters: { state: ["reply_drafted"] },
    sort: "due_at",
    roles: APPROVERS,
  },
  {
    id: "extensions",
    icon: "clock",
    title: msg`等批延期`,
    hint: msg`批准后投诉人看得到理由`,
    filters: { is_extension_asked: true },
    sort: "due_at",
    roles: ["unit_head", "leader", "inspector"],
  },
  {
    id: "objections",
    icon: "handed",
    title: msg`等处理的异议`,
    hint: msg`重新交办，或说明为什么仍由原单位办`,
    filters: { state: ["objected"] },
    sort: "due_at",
    roles: ["campaign_office"],
  },
  {
    id: "redo",
    icon: "redo",
    title: msg`要重新办理的`,
    hint: msg`换一位同事办，不能由原来的承办人写`,
    filters: { state: ["redoing"] },
    sort: "due_at",
    roles: ["unit_head", "handler"],
  },
  {
    id: "supervised",
    icon: "bookmark",
    title: msg`我的督办件`,
    hint: msg`看看报告；办妥了由您解除督办`,
    filters: { supervisor_id: "me" },
    sort: "-received_at",
    roles: ["leader", "campaign_office", "inspector"],
  },
  {
    id: "screen",
    icon: "inbox",
    title: msg`等受理`,
    hint: msg`15天内要告诉投诉人受不受理`,
    filters: { state: ["received"] },
    sort: "due_at",
    roles: SCREENERS,
  },
  {
    id: "mine",
    icon: "doc",
    title: msg`我在办的`,
    filters: { handler_id: "me", state: WORKING },
    sort: "due_at",
  },
  {
    id: "unsatisfied",
    icon: "face",
    title: msg`投诉人不满意`,
    hint: msg`近30天答复的，看看哪里没有答到点上`,
    filters: { is_rated_unsatisfied: true, state: ["replied", "concluded"] },
    sort: "-received_at",
    repliedWithin: 30,
  },
];

/** What this caller can act on, the most urgent first. */
export function sectionsFor(roles: string[]): Section[] {
  return all()
    .filter((section) => !section.roles || section.roles.some((role) => roles.includes(role)))
    .map(({ repliedWithin: days, ...section }) =>
      days === undefined
        ? section
        : { ...section, filters: { ...section.filters, replied_from: addDays(today(), -days) } },
    );
}
