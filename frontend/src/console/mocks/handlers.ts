import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { accounts } from "./accounts";
import { complaints } from "./cases";
import { makeCase, members, people, units } from "./data";
import { events } from "./events";
import { meOf } from "./people";
import { at, problem } from "./problem";
import { roleGrants, someGrants } from "./roleGrants";
import { rules } from "./rules";
import { type SecondFactorState, secondFactor, someSecondFactor } from "./secondFactor";
import { sessions, someSessions } from "./sessions";
import { statistics } from "./statistics";

export { problem };

type Case = Schemas["Complaint"];

/** How the password of whoever is signed in stands. */
interface PasswordState {
  isOver: boolean;
  dueAt: string | null;
}

export interface State {
  login: string;
  isSignedIn: boolean;
  cases: Case[];
  jobs: Schemas["ImportJob"][];
  grants: Schemas["RoleGrant"][];
  sessions: Schemas["Session"][];
  accounts: Record<string, Schemas["MemberAccount"]>;
  token: string;
  secondFactor: SecondFactorState;
  password: PasswordState;
  provider: Schemas["ProviderOption"] | null;
  tiedAt: string | null;
  /** What somebody else did to the account of whoever is signed in. */
  notices: Schemas["AccountNotice"][];
}

const reset = (): Schemas["AccountNotice"] => ({
  kind: "password_reset",
  at: "2026-11-23T01:00:00Z",
  by: people[4] as Schemas["MemberRef"],
});

interface Options {
  count?: number;
  login?: string;
  isSignedIn?: boolean;
  cases?: Case[];
  secondFactor?: Partial<SecondFactorState>;
  password?: Partial<PasswordState>;
  provider?: Schemas["ProviderOption"];
  tiedAt?: string;
  /** The password was reset before the last log-in. */
  isReset?: boolean;
}

const made = (count: number) => Array.from({ length: count }, (_, n) => makeCase(n));

/** A server in memory. Each call makes one that starts afresh. */
export function newServer(options: Options = {}) {
  const { count = 60, login = "all", isSignedIn = true, cases = made(count) } = options;
  const state: State = {
    login,
    isSignedIn,
    cases,
    jobs: [],
    grants: someGrants(),
    sessions: someSessions(),
    accounts: {},
    token: "",
    secondFactor: { ...someSecondFactor(), ...options.secondFactor },
    password: { isOver: false, dueAt: null, ...options.password },
    provider: options.provider ?? null,
    tiedAt: options.tiedAt ?? null,
    notices: options.isReset ? [reset()] : [],
  };
  return {
    state,
    handlers: [
      ...auth(state),
      ...secondFactor(state, grant),
      ...complaints(state),
      ...statistics(state),
      ...organisation(),
      ...imports(state),
      ...events(state),
      ...rules(),
      ...roleGrants(state),
      ...sessions(state),
      ...accounts(state),
    ],
  };
}

const grant = (login: string): Schemas["TokenGrant"] => ({
  access_token: `mock-${login}`,
  expires_in: 900,
  token_type: "Bearer",
  session_expires_in: 86_400,
  refresh_token: null,
  device_token: null,
});

const providerFlow: Schemas["ProviderFlow"] = {
  authorization_url: "#provider",
  flow: "flow",
  expires_at: "2026-11-23T07:40:00Z",
};

const passwordRules: Schemas["PasswordRules"] = {
  min_length: 10,
  min_length_with_second_factor: 10,
  max_length: 200,
  min_kinds: 3,
  max_age_days: 90,
  differs_from: 4,
};

function auth(state: State) {
  return [
    http.post(at("/auth/login"), async ({ request }) => {
      const { login, password } = (await request.json()) as Schemas["LogIn"];
      if (password === "wrong") return problem(401, "wrong_credentials");
      if (password === "fast") return problem(429, "rate_limited", {}, { "Retry-After": "20" });
      if (password === "second") {
        state.login = login;
        return problem(401, "second_factor_needed", { ticket: "ticket" });
      }
      Object.assign(state, { login, isSignedIn: true });
      return HttpResponse.json(grant(login));
    }),
    http.post(at("/auth/refresh"), () =>
      state.isSignedIn ? HttpResponse.json(grant(state.login)) : problem(401, "session_ended"),
    ),
    http.post(at("/auth/logout"), () => {
      state.isSignedIn = false;
      return new HttpResponse(null, { status: 204 });
    }),
    http.post(at("/auth/bootstrap"), () => HttpResponse.json(grant("admin"), { status: 201 })),
    http.get(at("/auth/options"), () =>
      HttpResponse.json({ password: passwordRules, provider: state.provider }),
    ),
    http.get(at("/me"), () => {
      if (state.secondFactor.isMissing) return problem(403, "second_factor_missing");
      if (state.password.isOver) return problem(403, "password_change_needed");
      return HttpResponse.json({
        ...meOf(state.login),
        account_notices: state.notices,
        password_due_at: state.password.dueAt,
      });
    }),
    http.post(at("/me/account-notices/dismiss"), () => {
      state.notices = [];
      return new HttpResponse(null, { status: 204 });
    }),
    http.post(at("/auth/provider/begin"), () => HttpResponse.json(providerFlow)),
    http.post(at("/me/provider/begin"), () => HttpResponse.json(providerFlow)),
    http.post(at("/auth/provider/complete"), async ({ request }) => {
      const { code } = (await request.json()) as Schemas["ProviderReturn"];
      if (code === "nobody") return problem(401, "provider_account_unknown");
      state.isSignedIn = true;
      return HttpResponse.json(grant(state.login));
    }),
    http.post(at("/me/provider/complete"), () => {
      state.tiedAt = "2026-11-23T07:30:00Z";
      return new HttpResponse(null, { status: 204 });
    }),
    http.get(at("/me/provider"), () => HttpResponse.json({ tied_at: state.tiedAt })),
    http.post(at("/me/provider/untie"), () => {
      state.tiedAt = null;
      return new HttpResponse(null, { status: 204 });
    }),
    http.post(at("/me/password"), () => {
      state.password = { isOver: false, dueAt: null };
      return new HttpResponse(null, { status: 204 });
    }),
  ];
}

function organisation() {
  return [
    http.get(at("/units"), ({ request }) => {
      const params = new URL(request.url).searchParams;
      const [q, parent, kind] = [params.get("q"), params.get("parent_id"), params.get("kind")];
      const items = units.filter(
        (unit) =>
          (!q || unit.name.includes(q) || unit.name_en?.toLowerCase().includes(q.toLowerCase())) &&
          (!parent || unit.parent_id === parent) &&
          (!kind || unit.kind === kind),
      );
      return HttpResponse.json({ items, next_cursor: null, total: items.length, total_is_capped: false });
    }),
    http.get(at("/units/:id"), ({ params }) => {
      const unit = units.find(({ id }) => id === params.id);
      return unit ? HttpResponse.json(unit) : problem(404, "not_found");
    }),
    http.post(at("/units"), () => HttpResponse.json(units[1], { status: 201 })),
    http.patch(at("/units/:id"), () => HttpResponse.json(units[1])),
    http.post(at("/units/:id/:verb"), async ({ request, params }) => {
      if (params.verb !== "merge" && params.verb !== "split") return HttpResponse.json(units[1]);
      const body = (await request.json()) as Partial<Schemas["MergeUnit"] & Schemas["SplitUnit"]>;
      const into = body.successor_ids ?? [body.into_unit_id ?? ""];
      const found = units.filter(({ id }) => into.includes(id));
      if (!body.reason || found.length === 0) return problem(422, "invalid_field");
      return HttpResponse.json({
        is_dry_run: body.dry_run ?? false,
        successors: found.map((unit, n) => ({ unit, units: n, members: 12 - n, cases: 3 + n })),
        cases_without_handler: 2,
        ended_roles: 3,
      } satisfies Schemas["UnitSuccessionReport"]);
    }),
    http.post(at("/units/:id/:verb"), () => HttpResponse.json(units[1])),
    http.get(at("/members"), ({ request }) => {
      const params = new URL(request.url).searchParams;
      const [q, unit] = [params.get("q"), params.get("unit_id")];
      const items = members.filter(
        (member) =>
          (!q || member.name.includes(q)) && (!unit || unit === units[0]?.id || member.unit.id === unit),
      );
      return HttpResponse.json({ items, next_cursor: null, total: items.length, total_is_capped: false });
    }),
    http.get(at("/members/:id"), ({ params }) => {
      const member = members.find(({ id }) => id === params.id);
      return member ? HttpResponse.json(member) : problem(404, "not_found");
    }),
    http.get(at("/members/:id/holdings"), () =>
      HttpResponse.json({
        cases: 2,
        other_cases: 1,
        supervised_cases: 0,
        roles: members[0]?.roles ?? [],
        deputies: 0,
        duty_turns: 1,
      } satisfies Schemas["MemberHoldings"]),
    ),
    http.post(at("/members/:id/hand-over"), async ({ request }) => {
      const body = (await request.json()) as Schemas["HandOverMember"];
      if (!body.reason) return problem(422, "invalid_field");
      const named = (n: number) => ({
        id: makeCase(n).id,
        number: makeCase(n).number,
        title: makeCase(n).title,
      });
      return HttpResponse.json({
        is_dry_run: body.dry_run ?? false,
        moved: [
          { what: "case", case: named(0), count: 1 },
          { what: "duty_turns", case: null, count: 1 },
        ],
        kept: [
          { what: "case", case: named(1), count: 1, why: "not_able" },
          { what: "other_cases", case: null, count: 1, why: "not_yours" },
        ],
        is_closed: false,
      } satisfies Schemas["HandOverReport"]);
    }),
    http.post(at("/members"), () => HttpResponse.json(members[0], { status: 201 })),
    http.patch(at("/members/:id"), () => HttpResponse.json(members[0])),
    http.put(at("/members/:id/public-card"), () => HttpResponse.json(members[0])),
    http.post(at("/members/:id/:verb"), () => HttpResponse.json(members[0])),
  ];
}

export const inspection: Schemas["ImportInspection"] = {
  file_name: "县长信箱-2026年10月.xlsx",
  sheet: "留言",
  rows_total: 3412,
  headings: [
    { column: "A", heading: "编号", guess: "external_ref", samples: ["XZ-20481", "XZ-20482", "XZ-20485"] },
    { column: "B", heading: "姓名", guess: "author", samples: ["王某", "李某", "匿名"] },
    { column: "C", heading: "标题", guess: "title", samples: ["食堂饭菜偏凉", "校车改线", "学籍转接"] },
    {
      column: "D",
      heading: "留言日期",
      guess: "received_at",
      samples: ["2026-10-08 09:32", "2026-10-09 17:20"],
    },
    { column: "E", heading: "诉求", guess: null, samples: ["这学期换了食堂以后，中午饭到班里都是凉的"] },
    { column: "F", heading: "官方回复", guess: "reply", samples: ["您好，经查", "您好，已经改线"] },
    { column: "G", heading: "回复日期", guess: "replied_at", samples: ["2026-10-12 10:00"] },
    { column: "H", heading: "点击量", guess: null, samples: ["120", "35", "48"] },
  ],
  missing: ["body"],
};

export function makeJob(more: Partial<Schemas["ImportJob"]> = {}): Schemas["ImportJob"] {
  return {
    id: crypto.randomUUID(),
    kind: "complaints",
    state: "running",
    dry_run: false,
    is_order: false,
    source: "县长信箱",
    file_name: inspection.file_name,
    mapping: {},
    rows_total: 3412,
    rows_done: 2176,
    rows_created: 1893,
    rows_updated: 226,
    rows_unchanged: 57,
    rows_failed: 0,
    errors: [],
    changes: [],
    created_at: new Date(Date.now() - 120_000).toISOString(),
    finished_at: null,
    created_by: people[1] as Schemas["MemberRef"],
    has_error_workbook: false,
    failure: null,
    ...more,
  };
}

const ended = {
  state: "succeeded" as const,
  rows_done: 3412,
  rows_created: 2968,
  rows_updated: 351,
  rows_unchanged: 81,
  rows_failed: 12,
  has_error_workbook: true,
  finished_at: new Date().toISOString(),
  errors: [
    {
      row: 18,
      column: "D",
      code: "unreadable_date",
      detail: "“留言时间”无法识别，请写成 2019-04-25 09:32:09 的形式。",
    },
    { row: 47, column: "C", code: "missing_value", detail: "“标题”不能为空。" },
    { row: 380, column: "A", code: "duplicate_ref", detail: "编号与第96行相同，但内容不同。" },
    {
      row: 911,
      column: "G",
      code: "replied_before_received",
      detail: "答复时间早于留言时间，请核对。",
    },
  ],
};

/** A list of members, as the server sees it. */
const listInspection: Schemas["ImportInspection"] = {
  file_name: "教师名单.xlsx",
  sheet: "Sheet1",
  rows_total: 60,
  headings: [
    { column: "A", heading: "工号", guess: "staff_number", samples: ["T0001", "T0002"] },
    { column: "B", heading: "姓名", guess: "name", samples: ["周老师", "林老师"] },
    { column: "C", heading: "学校", guess: "unit", samples: ["柳湾小学", "柳湾小学"] },
  ],
  missing: [],
};

const endedList: Partial<Schemas["ImportJob"]> = {
  kind: "members",
  source: "members",
  state: "succeeded",
  file_name: listInspection.file_name,
  rows_total: 60,
  rows_done: 60,
  rows_created: 55,
  rows_updated: 2,
  rows_unchanged: 2,
  rows_failed: 1,
  has_error_workbook: true,
  finished_at: new Date().toISOString(),
  errors: [{ row: 7, column: "C", code: "unknown_unit", detail: "没有这个编码或名称的单位，或者它已撤销。" }],
  changes: [
    { row: 2, outcome: "created", name: "周老师", fields: [] },
    { row: 3, outcome: "updated", name: "林老师", fields: ["unit", "post"] },
  ],
};

function imports(state: State) {
  return [
    http.post(at("/imports/complaints/inspect"), () => HttpResponse.json(inspection)),
    http.post(at("/imports/members/inspect"), () => HttpResponse.json(listInspection)),
    http.post(at("/imports/members"), () => {
      const isDryRun = state.jobs.length === 0;
      const job = makeJob({ ...endedList, dry_run: isDryRun });
      state.jobs = [job, ...state.jobs];
      return HttpResponse.json(job, { status: 202 });
    }),
    http.get(at("/imports/templates/:kind"), () => new HttpResponse("list")),
    http.post(at("/imports/complaints"), async ({ request }) => {
      // jsdom's files can't be read by Node's fetch: there the first job is the dry run.
      const isDryRun = navigator.userAgent.includes("jsdom")
        ? state.jobs.length === 0
        : (await request.formData()).get("dry_run") === "true";
      const job = isDryRun ? makeJob({ ...ended, dry_run: true }) : makeJob();
      state.jobs = [job, ...state.jobs];
      return HttpResponse.json(job, { status: 202 });
    }),
    http.get(at("/imports"), () => HttpResponse.json({ items: state.jobs, next_cursor: null })),
    http.get(at("/imports/:id"), ({ params }) => {
      const job = state.jobs.find(({ id }) => id === params.id);
      return job ? HttpResponse.json(job) : problem(404, "not_found");
    }),
    http.get(at("/imports/:id/errors.xlsx"), () => new HttpResponse("xlsx")),
  ];
}

/** Jobs that were there before, for the list. */
export const earlierJobs = () => [
  makeJob(),
  makeJob({
    ...ended,
    file_name: "12345转办单-2026年9月.xlsx",
    source: "12345",
    created_at: "2026-10-12T02:00:00Z",
  }),
  makeJob({
    ...ended,
    rows_failed: 0,
    errors: [],
    has_error_workbook: false,
    file_name: "信访件历史台账2019–2025.xlsx",
    source: "信访台账",
    created_at: "2026-09-08T02:00:00Z",
  }),
];
