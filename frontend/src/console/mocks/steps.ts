import type { Schemas } from "../../api/client";
import { addDays, today } from "../shared/due";
import { people, unitRefs } from "./data";
import { withRights } from "./rights";

type Case = Schemas["Complaint"];
type Step = Schemas["ComplaintStep"];
type Body = Record<string, unknown>;

interface Done {
  /** What is different about the case afterwards. */
  now?: Partial<Case>;
  /** As the timeline calls it. */
  action: string;
  detail?: Partial<Step>;
}

const textOf = (value: unknown) => (value == null ? null : String(value));

/** What each step makes of a case, by the address it has under the case. */
const steps: Record<string, (one: Case, body: Body, by: Schemas["MemberRef"], all: Case[]) => Done> = {
  accept: () => ({ now: { state: "accepted" }, action: "accepted" }),
  "not-accept": (_, body) => ({
    now: {
      state: "not_accepted",
      not_accepted_reason: String(body.reason),
      where_to_go: textOf(body.where_to_go),
    },
    action: "not_accepted",
  }),
  assign: (one, body) => {
    const handler = people.find(({ id }) => id === body.handler_id) ?? null;
    const unit = unitRefs.find(({ id }) => id === body.unit_id) ?? one.unit;
    const objection_upheld = one.state === "objected" ? unit.id !== one.unit.id : null;
    const detail = { unit, handler, note: textOf(body.note), objection_upheld };
    const state = one.state === "redoing" ? "redoing" : "assigned";
    return { now: { state, handler, unit }, action: "assigned", detail };
  },
  draft: (_, body, by) => ({
    now: { state: body.submit ? "reply_drafted" : "in_handling", draft: draftOf(body, by) },
    action: body.submit ? "submitted" : "drafted",
  }),
  approve: (_, body) => ({
    now: { state: body.send === false ? "reply_drafted" : "replied" },
    action: body.send === false ? "approved" : "replied",
  }),
  return: (one, body) => ({
    now: {
      state: "in_handling",
      draft: one.draft && { ...one.draft, is_submitted: false, returned_reason: String(body.reason) },
    },
    action: "returned",
    detail: { note: String(body.reason) },
  }),
  reply: () => ({ now: { state: "replied" }, action: "replied" }),
  conclude: () => ({ now: { state: "concluded" }, action: "concluded" }),
  withdraw: () => ({ now: { state: "withdrawn" }, action: "withdrawn" }),
  message: (one, body, by) => ({
    now: { messages: [...one.messages, messageOf(body, by)] },
    action: "messaged",
  }),
  accused: () => ({ action: "accused_named" }),
  refer: (_, body) => ({
    now: { state: "referred", referred_reason: String(body.reason), where_to_go: String(body.where_to_go) },
    action: "referred",
    detail: { note: String(body.reason) },
  }),
  merge: (_, body, _by, all) => {
    const lead = all.find(({ id }) => id === body.lead_id);
    return {
      now: {
        state: "duplicate",
        duplicate_of: lead ? { id: lead.id, number: lead.number, title: lead.title } : null,
      },
      action: "merged",
    };
  },
  unmerge: () => ({ now: { state: "accepted", duplicate_of: null }, action: "unmerged" }),
  classify: (_, body) => ({
    now: { kind: body.kind as Case["kind"], category_id: textOf(body.category_id) },
    action: "classified",
  }),
  object: (_, body) => ({
    now: { state: "objected" },
    action: "objected",
    detail: { note: String(body.reason) },
  }),
  hold: (one, body, by) => {
    const until = addDays(today(), Number(body.days));
    const now = {
      state: "waiting" as const,
      held_until: until,
      hold_days_left: Math.max(0, one.hold_days_left - Number(body.days)),
      messages: [...one.messages, messageOf(body, by)],
    };
    return { now, action: "held", detail: { until } };
  },
  resume: () => ({ now: { state: "in_handling", held_until: null }, action: "resumed" }),
  extension: (one, body, by) => {
    const [days, reason] = [Number(body.days), String(body.reason)];
    const clock = one.due?.clock ?? "decide";
    const extension = { clock, days, reason, asked_by: by, asked_on: today(), is_granted: null };
    const counts = one.due?.counts ?? null;
    return { now: { extension }, action: "extension_asked", detail: { days, counts, note: reason } };
  },
  "extension/grant": (one) => {
    const days = one.extension?.days ?? 0;
    const due = one.due && {
      ...one.due,
      extended_by: one.due.extended_by + days,
      due_on: addDays(one.due.due_on, days),
    };
    return {
      now: {
        due,
        due_on: due?.due_on ?? null,
        extension: one.extension && { ...one.extension, is_granted: true },
        extension_days: null,
      },
      action: "extended",
      detail: { days, counts: one.due?.counts ?? null, note: one.extension?.reason ?? null },
    };
  },
  "extension/refuse": (one, body) => ({
    now: { extension: one.extension && { ...one.extension, is_granted: false } },
    action: "extension_refused",
    detail: { note: String(body.reason) },
  }),
  "longer-hold": (_, body, by) => {
    const [days, reason] = [Number(body.days), String(body.reason)];
    const longer_hold = { days, reason, asked_by: by, asked_on: today(), is_granted: null };
    return { now: { longer_hold }, action: "longer_hold_asked", detail: { days, note: reason } };
  },
  "longer-hold/grant": (one) => {
    const days = one.longer_hold?.days ?? 0;
    const until = one.held_until && addDays(one.held_until, days);
    return {
      now: {
        longer_hold: one.longer_hold && { ...one.longer_hold, is_granted: true },
        held_until: until,
        hold_days_left: one.hold_days_left + (until ? 0 : days),
        longer_hold_days: Math.max(0, (one.longer_hold_days ?? 0) - days) || null,
      },
      action: "longer_hold_granted",
      detail: { days, until, note: one.longer_hold?.reason ?? null },
    };
  },
  "longer-hold/refuse": (one, body) => ({
    now: { longer_hold: one.longer_hold && { ...one.longer_hold, is_granted: false } },
    action: "longer_hold_refused",
    detail: { note: String(body.reason) },
  }),
  note: (_, body) => ({ action: "noted", detail: { note: String(body.note) } }),
  supervise: (_, body, by) => {
    const [reason, due_on] = [String(body.reason), textOf(body.due_on)];
    const detail = { until: due_on, note: reason };
    const days = body.report_days === undefined ? 5 : Number(body.report_days);
    const report_days = days > 0 ? days : null;
    const report_due_on = report_days === null ? null : addDays(today(), report_days);
    const supervision = { by, reason, since: today(), due_on, report_days, report_due_on, reports: [] };
    return { now: { supervision }, action: "supervised", detail };
  },
  "supervise/report": (one, body, by) => {
    const report = { by, at: new Date().toISOString(), report: String(body.report) };
    const supervision = one.supervision && {
      ...one.supervision,
      reports: [report, ...one.supervision.reports],
      report_due_on:
        one.supervision.report_days === null ? null : addDays(today(), one.supervision.report_days),
    };
    return { now: { supervision }, action: "reported", detail: { note: String(body.report) } };
  },
  "supervise/lift": (_, body) => ({
    now: { supervision: null },
    action: "supervision_lifted",
    detail: { note: String(body.reason) },
  }),
  emergency: (_, body) => ({
    now: { is_emergency: true },
    action: "emergency_marked",
    detail: { note: String(body.reason) },
  }),
};

/** The case after a step; unchanged but for its version where the step is not known. */
export function after(one: Case, path: string, body: Body, by: Schemas["MemberRef"], all: Case[]): Case {
  const { now = {}, action, detail } = steps[path]?.(one, body, by, all) ?? { action: path };
  const step: Step = {
    id: crypto.randomUUID(),
    action,
    by,
    acting_for: null,
    by_kind: "member",
    on: today(),
    at: new Date().toISOString(),
    note: null,
    unit: null,
    handler: null,
    until: null,
    days: null,
    counts: null,
    rung: null,
    objection_upheld: null,
    ...detail,
  };
  return withRights({ ...one, ...now, version: one.version + 1, timeline: [...one.timeline, step] }, by.id);
}

function messageOf(body: Body, by: Schemas["MemberRef"]): Schemas["StaffComplaintMessage"] {
  return { id: crypto.randomUUID(), from: "staff", body: String(body.body), on: today(), by };
}

function draftOf(body: Body, by: Schemas["MemberRef"]): Schemas["ReplyDraft"] {
  return {
    request: String(body.request),
    facts: String(body.facts),
    decision: String(body.decision),
    basis: String(body.basis),
    is_submitted: body.submit === true,
    is_approved: false,
    drafted_by: by,
    approved_by: null,
    returned_reason: null,
    updated_at: new Date().toISOString(),
  };
}
