import type { Schemas } from "../../api/client";
import { addDays, daysBetween, today } from "../shared/due";
import { withRights } from "./rights";

/** An invented county, for the mock mode and for tests. Everything is made by counting: no chance, no real names. */
type Case = Schemas["Complaint"];
type Unit = Schemas["OrgUnit"];

const id = (kind: number, n: number) =>
  `${kind.toString(16).padStart(8, "0")}-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;

const named: [string, string, Schemas["OrgUnitKind"]][] = [
  ["清河县教育局", "Qinghe County Education Bureau", "bureau"],
  ["基础教育股", "Basic Education Office", "office"],
  ["学生资助管理中心", "Student Aid Centre", "office"],
  ["清河县第二小学", "Qinghe No. 2 Primary School", "school"],
  ["清河县实验小学", "Qinghe Experimental Primary School", "school"],
  ["清河县第一中学", "Qinghe No. 1 Middle School", "school"],
  ["清河县城东学校", "Qinghe Chengdong School", "school"],
  ["柳河镇中心小学", "Liuhe Town Central Primary School", "school"],
  ["清河县机关幼儿园", "Qinghe Municipal Kindergarten", "kindergarten"],
  ["第二小学党支部", "Party Branch of No. 2 Primary School", "branch"],
];

export const unitRefs: Schemas["UnitRef"][] = named.map(([name, name_en], n) => ({
  id: id(1, n),
  name,
  name_en,
}));
export const root = unitRefs[0] as Schemas["UnitRef"];
export const school = unitRefs[3] as Schemas["UnitRef"];

export const units: Unit[] = named.map(([name, name_en, kind], n) => {
  const isBranch = kind === "branch";
  return {
    id: id(1, n),
    parent_id: n === 0 ? null : isBranch ? school.id : root.id,
    kind,
    code: n % 2 === 0 ? `90000${n}` : null,
    name,
    name_en,
    reading: null,
    head: n === 0 ? "吴局长" : "吴老师",
    hotline: n === 0 ? "0000-000 0000" : null,
    address: n === 0 ? "清河县文昌路1号" : null,
    opening_hours: "工作日8:30至17:30",
    closed_at: null,
    successors: [],
    predecessors: [],
    path: n === 0 ? [] : isBranch ? [root, school] : [root],
    version: 1,
    allowed_actions: ["edit", "move", "merge", "split", "close", "create_child"],
  };
});

const surnames = ["周", "林", "吴", "冯", "谢", "唐", "郑", "杜", "孟", "田", "钱", "江"];
const pinyin = ["Zhou", "Lin", "Wu", "Feng", "Xie", "Tang", "Zheng", "Du", "Meng", "Tian", "Qian", "Jiang"];
export const people: Schemas["MemberRef"][] = surnames.map((name, n) => ({
  id: id(2, n),
  name: `${name}老师`,
  name_en: `Teacher ${pinyin[n]}`,
}));
const person = (n: number) => people[n % people.length] as Schemas["MemberRef"];
const unitAt = (n: number) => unitRefs[n % unitRefs.length] as Schemas["UnitRef"];

export const members: Schemas["Member"][] = people.map((one, n) => ({
  ...one,
  reading: null,
  staff_number: `T000${n}`,
  unit: unitAt(3 + (n % 5)),
  branch: n % 3 === 0 ? (unitRefs[9] as Schemas["UnitRef"]) : null,
  post: n === 0 ? "投诉受理岗" : "教师",
  post_en: n === 0 ? "Complaint desk" : "Teacher",
  is_party_member: n % 3 === 0,
  public_card: { is_public: n === 1, shows_party: false },
  roles: n === 0 ? [{ role: "handler", unit: school, acting_for: null }] : [],
  closed_at: null,
  version: 1,
  allowed_actions: ["edit", "move", "show_card", "hand_over", "close", "view_account"],
}));

const titles = [
  "食堂饭菜偏凉，分量比上学期少",
  "校车改线后站点离家2.4公里，早上赶不上",
  "学生资助款到账时间没有答复",
  "接送车停运两天未提前通知家长",
  "转学手续在两个窗口间来回跑了三趟",
  "课后服务收费单与公示金额不一致",
  "建议错峰放学，校门口半小时走不动",
  "学籍转接材料清单与网上写的不一样",
  "课后延时班换老师没有告诉家长",
  "宿舍热水晚上九点就停，孩子洗不上澡",
  "校车座位不够，有孩子站着",
  "操场跑道起皮，雨后很滑",
];

const body =
  "孩子在四年级。这学期换了食堂以后，中午饭到班里都是凉的，肉菜基本只有两三块，很多孩子吃不饱，下午上课喊饿。一餐还是9.5元。班主任说反映过，没有下文。希望查一下是不是送餐时间太长，分量有没有标准，能不能公开。";

// Codes as the server keeps them; the schema's list may be older.
const code = (text: string) => text as Schemas["ComplaintState"];
const states = [
  "received",
  "accepted",
  "assigned",
  "in_handling",
  "in_handling",
  "reply_drafted",
  "replied",
  "concluded",
];
const kinds: Schemas["ComplaintKind"][] = [
  "grievance",
  "grievance",
  "inquiry",
  "suggestion",
  "grievance",
  "praise",
];
const channels: Schemas["ComplaintChannel"][] = ["web", "phone", "import", "mobile", "counter"];
const ENDED = new Set(["replied", "concluded"]);

function phaseOf(due: string | null): Schemas["ComplaintPhase"] {
  if (!due) return "none";
  const left = daysBetween(today(), due);
  if (left < -30) return "long_overdue";
  if (left < 0) return "overdue";
  return left <= 3 ? "due_soon" : "on_time";
}

function timelineOf(n: number, state: string, received: string): Schemas["ComplaintStep"][] {
  const all = ["received", "accepted", "assigned", "drafted", "submitted", "approved", "replied"];
  const upTo: Record<string, number> = {
    received: 1,
    accepted: 2,
    assigned: 3,
    in_handling: 4,
    reply_drafted: 5,
  };
  return all.slice(0, upTo[state] ?? 7).map((action, step) => ({
    id: id(7, n * 16 + step),
    action,
    by: step === 0 ? null : person(n + step),
    acting_for: null,
    by_kind: step === 0 ? "complainant" : "member",
    on: addDays(received, Math.min(step * 2, 12)),
    at: step === 0 ? null : `${addDays(received, Math.min(step * 2, 12))}T02:30:00Z`,
    unit: null,
    until: null,
    days: null,
    counts: null,
    rung: null,
    objection_upheld: null,
    handler: null,
    note: action === "assigned" ? "请在三天内先去现场看一次。" : null,
  }));
}

const text = {
  request: "这学期午餐到班偏凉、肉菜分量少，希望公开分量标准。",
  facts:
    "11月10日测温：四（3）班52℃，低于承诺的60℃。送餐车绕行北门多用14分钟。抽称10份，荤菜平均61克，合同为80克。",
  decision: "11月24日起送餐改走南门，先送四年级；每天抽称10份并张榜；已按合同扣供餐方当月费用。",
};

function draftOf(n: number, state: string): Schemas["ReplyDraft"] {
  const isSubmitted = state === "reply_drafted";
  return {
    ...text,
    basis: isSubmitted ? "供餐合同第7条；学校2026年承诺书第4项。" : "",
    is_submitted: isSubmitted,
    is_approved: false,
    drafted_by: person(n),
    approved_by: null,
    returned_reason: null,
    updated_at: `${today()}T01:42:00Z`,
  };
}

function replyOf(n: number, received: string, unit: Schemas["UnitRef"]): Schemas["StaffComplaintReply"] {
  return {
    ...text,
    basis: "供餐合同第7条。",
    body: Object.values(text).join("\n"),
    unit,
    replied_on: addDays(received, 9),
    id: id(5, n),
    approved_by: person(n + 2),
    drafted_by: person(n),
  };
}

function messagesOf(n: number, received: string): Schemas["StaffComplaintMessage"][] {
  return [
    {
      id: id(4, n * 2),
      from: "staff",
      body: "请问大约是哪几天、哪个班？便于我们调当天的送餐和留样记录。不用写孩子名字。",
      on: addDays(received, 8),
      by: person(n),
    },
    {
      id: id(4, n * 2 + 1),
      from: "complainant",
      body: "四（3）班，上周二到周四都是。周三的照片已经传了。",
      on: addDays(received, 10),
      by: null,
    },
  ];
}

function dueOf(due: string, days: number, isProvisional: boolean): Schemas["ComplaintDue"] {
  return {
    clock: days === 5 ? "inquiry" : "decide",
    starts_on: addDays(due, days === 5 ? -7 : -60),
    counts: days === 5 ? "working_days" : "calendar_days",
    days,
    rolled_forward: false,
    due_on: due,
    is_provisional: isProvisional,
    extended_by: 0,
    held_days: 0,
    days_off: 0,
    is_kept_as_told: false,
    complaint: null,
    explanation: `从收到的次日起算${days}天，截止${due}。`,
  };
}

/** What the n-th case is made of. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one plain record with its alternatives
export function makeCase(n: number): Case {
  const state = states[n % states.length] as string;
  const isEnded = ENDED.has(state);
  const left = [4, -4, -3, 0, 1, 11, 30, 9, 2, 15, -41, 21][n % 12] as number;
  const due = isEnded || n % 6 === 5 ? null : addDays(today(), left);
  const days = n % 3 === 2 ? 5 : 60;
  const received = addDays(due ?? today(), due ? -Math.min(days + 2, 40) : -70 - n);
  const hasDraft = ["in_handling", "reply_drafted"].includes(state);
  const unit = unitAt(n === 0 ? 3 : 1 + (n % 8));
  return withRights({
    id: id(3, n),
    number: `2026-${String(4812 - n).padStart(5, "0")}`,
    kind: kinds[n % kinds.length] as Schemas["ComplaintKind"],
    channel: channels[n % channels.length] as Schemas["ComplaintChannel"],
    state: code(state),
    phase: phaseOf(due),
    title: titles[n % titles.length] as string,
    unit,
    handler: ["received", "accepted"].includes(state) ? null : person(n),
    received_on: received,
    due_at: due && `${due}T15:59:59Z`,
    due_on: due,
    due_is_provisional: left === 30,
    replied_at: isEnded ? `${addDays(received, 9)}T03:00:00Z` : null,
    satisfaction: state === "concluded" ? 4 : n % 16 === 6 ? 2 : null,
    is_anonymous: n % 2 === 0,
    is_sealed: false,
    version: 11,
    body,
    category_id: n % 5 === 4 ? null : `0000000a-0000-4000-8000-00000000000${n % 4}`,
    about_unit: unit,
    source: n % 5 === 2 ? "县长信箱" : null,
    external_ref: n % 5 === 2 ? `XZ-${10_000 + n}` : null,
    has_contact: n % 2 === 1,
    is_minor: false,
    identity_hold: null,
    contact_erased_on: null,
    accepted_at: state === "received" ? null : `${addDays(received, 2)}T02:30:00Z`,
    concluded_at: state === "concluded" ? `${addDays(received, 20)}T02:30:00Z` : null,
    received_at: n % 2 === 0 ? null : `${received}T02:30:00Z`,
    not_accepted_reason: null,
    where_to_go: null,
    withdrawn_reason: null,
    concluded_reason: null,
    rating: n % 16 === 6 ? { level: 2, comment: "还是没说分量标准在哪里看。", rated_on: today() } : null,
    draft: hasDraft ? draftOf(n, state) : null,
    replies: isEnded ? [replyOf(n, received, unit)] : [],
    messages: n % 4 === 0 ? messagesOf(n, received) : [],
    timeline: timelineOf(n, state, received),
    due: due === null ? null : dueOf(due, days, left === 30),
    other_dues: [],
    held_until: null,
    hold_days_left: 10,
    longer_hold_days: isEnded ? null : 20,
    longer_hold: null,
    extension_days: isEnded ? null : 30,
    extension_clock: isEnded ? null : "decide",
    extension: null,
    supervision: null,
    redo: null,
    duplicate_of: null,
    duplicates: [],
    is_order: false,
    is_emergency: false,
    referred_reason: null,
    accused: [],
    cards: [],
    attachment_count: 0,
    has_originals: false,
    allowed_actions: [],
    refused_actions: [],
    ...unusual[n],
  });
}

/** What is out of the ordinary, each once or twice among many. */
const unusual: Partial<Record<number, Partial<Case>>> = {
  9: { is_emergency: true },
  11: {
    supervision: {
      by: person(4),
      reason: "家长两次到县里反映，请当面沟通后答复。",
      since: addDays(today(), -2),
      due_on: addDays(today(), 3),
      report_days: 5,
      report_due_on: addDays(today(), 1),
      reports: [
        { by: person(2), at: `${addDays(today(), -1)}T08:30:00Z`, report: "已约家长明天到校当面沟通。" },
      ],
    },
  },
  19: {
    extension: {
      clock: "decide",
      days: 15,
      reason: "检测机构要下周才能出具报告。",
      asked_by: person(2),
      asked_on: today(),
      is_granted: null,
    },
  },
  20: { is_order: true },
  27: {
    state: "redoing",
    handler: null,
    redo: {
      asked_on: addDays(today(), -1),
      reason: "答复只说会加强管理，没说热水几点供应。",
      not_by: person(3),
    },
  },
  28: { state: "waiting", held_until: addDays(today(), 4), hold_days_left: 6 },
};

const FIELDS = [
  "id",
  "number",
  "kind",
  "channel",
  "state",
  "phase",
  "title",
  "unit",
  "handler",
  "received_on",
  "due_at",
  "due_on",
  "due_is_provisional",
  "replied_at",
  "satisfaction",
  "is_anonymous",
  "is_sealed",
  "version",
] as const;

export function summaryOf(one: Case): Schemas["ComplaintSummary"] {
  return {
    ...Object.fromEntries(FIELDS.map((name) => [name, one[name]])),
    is_emergency: one.is_emergency,
    is_supervised: one.supervision !== null,
    report_due_on: one.supervision?.report_due_on ?? null,
    is_redone: one.redo !== null,
  } as unknown as Schemas["ComplaintSummary"];
}
