import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { daysBetween } from "../shared/due";
import { ASSIGNABLE } from "../shared/states";
import { makeCase, people, root, summaryOf, unitRefs, units } from "./data";
import type { State } from "./handlers";
import { personas } from "./people";
import { at, problem } from "./problem";
import { withRights } from "./rights";
import { after } from "./steps";

type Case = Schemas["Complaint"];

export function daysToReply(one: Case): number | null {
  return one.replied_at ? daysBetween(one.received_on, one.replied_at.slice(0, 10)) : null;
}

function isWithin(category: string | null, above: string, isAlone: boolean): boolean {
  if (isAlone) return category === above;
  const known = categories.find(({ id }) => id === category);
  return category === above || (known?.parent_id != null && isWithin(known.parent_id, above, false));
}

/** Places of cases that say the same as the first of them. */
const ALIKE = [2, 3, 5] as const;

export function matches(one: Case, params: URLSearchParams): boolean {
  const is = (name: string, test: (value: string) => boolean) => {
    const value = params.get(name);
    return value === null || test(value);
  };
  const isAsked = one.extension?.is_granted === null;
  return (
    is("q", (q) => q.split(" ").every((word) => `${one.title} ${one.number}`.includes(word))) &&
    is("state", (codes) => codes.split(",").includes(one.state)) &&
    is("phase", (codes) => codes.split(",").includes(one.phase)) &&
    is("kind", (codes) => codes.split(",").includes(one.kind)) &&
    is("channel", (codes) => codes.split(",").includes(one.channel)) &&
    is(
      "satisfaction",
      (levels) => one.rating !== null && levels.split(",").includes(String(one.rating.level)),
    ) &&
    is("has_handler", (value) => String(one.handler !== null) === value) &&
    is("is_anonymous", (value) => String(one.is_anonymous) === value) &&
    is("due_from", (time) => one.due_at !== null && one.due_at >= time) &&
    is("unit_id", (id) => id === units[0]?.id || one.unit.id === id) &&
    is("handler_id", (id) => one.handler?.id === (id === "me" ? people[0]?.id : id)) &&
    is("received_from", (day) => one.received_on >= day) &&
    is("received_to", (day) => one.received_on <= day) &&
    is("replied_from", (day) => (one.replied_at ?? "") >= day) &&
    is("replied_to", (day) => one.replied_at !== null && one.replied_at.slice(0, 10) <= day) &&
    is("ended_from", (day) => (one.concluded_at ?? "") >= day) &&
    is("ended_to", (day) => one.concluded_at !== null && one.concluded_at.slice(0, 10) <= day) &&
    is("unit_kind", (kind) => units.find(({ id }) => id === one.unit.id)?.kind === kind) &&
    is("category_id", (id) => isWithin(one.category_id, id, params.get("category_only") === "true")) &&
    is("has_category", (value) => String(one.category_id !== null) === value) &&
    is("is_replied", (value) => String(one.replied_at !== null) === value) &&
    is("is_rated", (value) => String(one.rating !== null) === value) &&
    is("due_before", (time) => one.due_at !== null && one.due_at < time) &&
    is("year", (year) => one.received_on.startsWith(year)) &&
    is("days_to_reply_over", (days) => (daysToReply(one) ?? 0) > Number(days)) &&
    is("is_rated_unsatisfied", (value) => one.rating !== null && String(one.rating.level < 3) === value) &&
    is("is_emergency", (value) => String(one.is_emergency) === value) &&
    is("is_supervised", (value) => String(one.supervision !== null) === value) &&
    is("supervisor_id", (id) => one.supervision?.by?.id === (id === "me" ? people[0]?.id : id)) &&
    is("report_due_before", (time) => (one.supervision?.report_due_on ?? "9999") < time.slice(0, 10)) &&
    is("is_redone", (value) => String(one.redo !== null) === value) &&
    is("is_extension_asked", (value) => String(isAsked) === value)
  );
}

function listOf(state: State, url: URL) {
  const params = url.searchParams;
  const found = state.cases.filter((one) => matches(one, params));
  const sort = params.get("sort") ?? "-received_at";
  const key = (one: Case) => (sort.endsWith("due_at") ? (one.due_on ?? "9999") : one.received_on);
  const isDescending = sort.startsWith("-") || sort === "relevance";
  found.sort((one, other) => key(one).localeCompare(key(other)) * (isDescending ? -1 : 1));
  const q = params.get("q");
  if (sort === "relevance" && q) {
    // All in one piece, as the server's best two hundred.
    const best = [...found].sort(
      (one, other) => Number(other.title.includes(q)) - Number(one.title.includes(q)),
    );
    return { items: best.map(summaryOf), next_cursor: null, total: best.length, total_is_capped: false };
  }
  const limit = Number(params.get("limit") ?? 20);
  const from = Number(params.get("cursor") ?? 0);
  return {
    items: found.slice(from, from + limit).map(summaryOf),
    next_cursor: from + limit < found.length ? String(from + limit) : null,
    ...(params.get("count") === "true" ? { total: found.length, total_is_capped: false } : {}),
  };
}

export const categories: Schemas["CategoryItem"][] = [
  ["学校食堂", null],
  ["饭菜质量", 0],
  ["收费", 0],
  ["校车", null],
].map(([name, parent], n) => ({
  id: `0000000a-0000-4000-8000-00000000000${n}`,
  parent_id: parent === null ? null : `0000000a-0000-4000-8000-00000000000${parent}`,
  name: String(name),
  name_en: null,
  depth: parent === null ? 1 : 2,
  position: n,
  closed_at: null,
  version: 1,
}));

export function complaints(state: State) {
  const find = (id: unknown) => state.cases.find((one) => one.id === id);
  const caller = () => people[(personas[state.login] ?? personas.all)?.person ?? 1] as Schemas["MemberRef"];
  const put = (next: Case) => {
    state.cases = state.cases.map((one) => (one.id === next.id ? next : one));
    return next;
  };
  async function step(id: unknown, path: string, request: Request) {
    const one = find(id);
    if (!one) return problem(404, "not_found");
    if (request.headers.get("if-match") !== `"v${one.version}"`) return problem(412, "stale_version");
    const body = (await request.json()) as Record<string, unknown>;
    return HttpResponse.json(put(after(one, path, body, caller(), state.cases)));
  }
  function assignOne(
    { id, version }: Schemas["ComplaintVersion"],
    body: object,
  ): Schemas["ComplaintOutcome"] {
    const one = find(id);
    const not = (code: string, detail: string) => ({ id, version: null, problem: code, detail });
    if (!one) return not("not_found", "找不到这一件。");
    if (one.version !== version) return not("stale_version", "您看的时候，别人改了这一件。");
    if (!ASSIGNABLE.includes(one.state)) return not("wrong_state", "这一件现在不能交办。");
    const next = put(after(one, "assign", { ...body }, caller(), state.cases));
    return { id, version: next.version, problem: null, detail: null };
  }
  return [
    http.get(at("/complaints"), ({ request }) => HttpResponse.json(listOf(state, new URL(request.url)))),
    http.get(at("/complaints/:id"), ({ params }) => {
      const one = find(params.id);
      return one
        ? HttpResponse.json(withDuplicates(state, withRights(one, caller().id)))
        : problem(404, "not_found");
    }),
    http.get(at("/complaints/:id/similar"), ({ params }) => {
      const one = find(params.id);
      if (!one) return problem(404, "not_found");
      const others = state.cases[ALIKE[0]]?.id === one.id ? ALIKE.slice(1) : [];
      const items = others
        .map((place) => state.cases[place] as Case)
        .map((other, nth) => ({
          complaint: summaryOf(other),
          shared_words: ["一周三次以上", "饭菜"],
          is_same_unit: nth === 0,
          is_same_category: false,
          is_same_day: nth === 0,
          can_lead: nth === 0,
        }));
      return HttpResponse.json({ items });
    }),
    http.get(at("/complaints/:id/assignees"), () =>
      HttpResponse.json({
        items: people
          .slice(0, 4)
          .map((one, n) => ({ ...one, unit: unitRefs[3], open_cases: n * 3, is_barred: false })),
      }),
    ),
    http.get(at("/categories"), () => HttpResponse.json({ items: categories })),
    http.post(at("/complaints"), async ({ request }) => register(state, request)),
    http.post(at("/complaints/assign"), async ({ request }) => {
      const { complaints: asked, ...body } = (await request.json()) as Schemas["AssignComplaints"];
      return HttpResponse.json({ items: asked.map((one) => assignOne(one, body)) });
    }),
    http.post(at("/complaints/:id/:verb"), ({ params, request }) =>
      step(params.id, String(params.verb), request),
    ),
    http.post(at("/complaints/:id/:verb/:then"), ({ params, request }) =>
      step(params.id, `${params.verb}/${params.then}`, request),
    ),
  ];
}

async function register(state: State, request: Request) {
  const body = (await request.json()) as Schemas["RegisterComplaint"];
  const missing = (["title", "body"] as const).filter((name) => body[name] === "");
  if (missing.length > 0) {
    const errors = missing.map((name) => ({
      pointer: `/${name}`,
      code: "too_short",
      detail: "请填写这一项。",
    }));
    return problem(422, "invalid_field", { errors });
  }
  const made = makeCase(state.cases.length);
  const unit = unitRefs.find(({ id }) => id === body.unit_id) ?? root;
  const isHidden = body.kind === "report";
  const { title, kind, channel } = body;
  if (!isHidden)
    state.cases = [
      { ...made, title, body: body.body, kind, channel, unit, state: "received" },
      ...state.cases,
    ];
  const receipt: Schemas["ComplaintRegistration"] = {
    id: isHidden ? null : made.id,
    number: made.number,
    receipt_code: "7KQM4XWD9TRF2HNCP3VBZ86E",
    kind,
    unit: isHidden ? root : unit,
    received_on: made.received_on,
    expected_by: made.due_on,
  };
  return HttpResponse.json(receipt, { status: 201 });
}

function withDuplicates(state: State, one: Case): Case {
  const along = state.cases.filter(({ duplicate_of }) => duplicate_of?.id === one.id);
  return { ...one, duplicates: along.map(({ id, number, title }) => ({ id, number, title })) };
}
