import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { people, root, school } from "./data";
import type { State } from "./handlers";
import { at, problem } from "./problem";

type LogEvent = Schemas["LogEvent"];

const NOTHING = { number: null, unit: null, member: null, name: null, name_en: null };

export const fact = (name: string, more: Partial<Schemas["EventFact"]> = {}): Schemas["EventFact"] => ({
  name,
  before: null,
  value: null,
  unit: null,
  unit_before: null,
  member: null,
  complaint: null,
  category: null,
  ...more,
});

/** The nth event before now, an hour after the other. */
export function makeEvent(n: number, more: Partial<LogEvent> = {}): LogEvent {
  const when = new Date(Date.parse("2026-11-23T07:00:00Z") - n * 3_600_000).toISOString();
  const id = (kind: number) =>
    `${String(kind).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return {
    id: id(9),
    action: "complaints.accepted",
    subject: {
      ...NOTHING,
      kind: "complaints",
      id: id(2),
      number: `2026-${String(100 + n).padStart(6, "0")}-K`,
    },
    by_kind: "member",
    by: people[n % 4] as Schemas["MemberRef"],
    acting_for: null,
    on: when.slice(0, 10),
    at: when,
    unit: school,
    is_told_all: true,
    facts: [],
    ...more,
  };
}

const setting: Partial<LogEvent> = {
  action: "settings.changed",
  subject: { ...NOTHING, kind: "settings", id: root.id },
  by: people[4] as Schemas["MemberRef"],
  unit: null,
  facts: [fact("hold_days", { before: "10", value: "7" })],
};

/** What happened in the invented county: mostly cases that are read and moved, now and then a setting. */
export const log: LogEvent[] = Array.from({ length: 45 }, (_, n) => {
  if (n % 11 === 3) return makeEvent(n, setting);
  if (n % 5 === 1) return makeEvent(n, { action: "complaints.read" });
  if (n % 7 === 2) {
    return makeEvent(n, { action: "complaints.received", by_kind: "complainant", by: null, at: null });
  }
  if (n % 4 === 0) {
    return makeEvent(n, { action: "complaints.assigned", facts: [fact("unit", { unit: school })] });
  }
  return makeEvent(n);
});

/** A verification that found nothing. */
export const verified: Schemas["LogVerification"] = {
  state: "finished",
  requested_at: "2026-11-23T06:00:00Z",
  percent: 100,
  finished_at: "2026-11-23T06:00:20Z",
  is_whole: true,
  faults: [],
};

/** The sealed log. */
export const seal: Schemas["LogState"] = {
  checkpoint: {
    verifier: "liangnuo/5ca1ab1e0ddba115+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    tree_size: 1_234,
    root_hash: "XUW8F0hrXVEIkmmzSVkIa4PB8QzZyPdqvZh8aHBxkcE=",
    at: "2026-11-22T16:00:01Z",
    note: "",
  },
  verification: verified,
};

/** As somebody is told of it who administers the log. */
function outline(event: LogEvent): LogEvent {
  if (event.subject.kind !== "complaints") return { ...event, is_told_all: false };
  return { ...event, unit: null, facts: [], is_told_all: false, subject: { ...event.subject, number: null } };
}

/** The log of a server in memory: a page is told by where it begins. */
export function events(state: State) {
  const seen = () => (state.login === "auditor" ? log.map(outline) : log);
  const fitting = (params: URLSearchParams) => {
    const actions = params.get("action")?.split(",");
    const is = (name: string, value: string | undefined) => !params.get(name) || params.get(name) === value;
    const fits = seen().filter(
      (event) =>
        (!actions || actions.includes(event.action)) &&
        is("subject_kind", event.subject.kind) &&
        is("subject_id", event.subject.id) &&
        is("actor_kind", event.by_kind) &&
        is("actor_id", event.by?.id) &&
        (is("q", event.subject.number ?? "-") || is("q", event.by?.name)),
    );
    return params.get("sort") === "at" ? fits.reverse() : fits;
  };
  return [
    http.get(at("/events"), ({ request }) => {
      const params = new URL(request.url).searchParams;
      const limit = Number(params.get("limit") ?? 20);
      const from = Number(params.get("cursor") ?? 0);
      const fits = fitting(params);
      const items = fits.slice(from, from + limit);
      const next_cursor = from + limit < fits.length ? String(from + limit) : null;
      return HttpResponse.json({ items, next_cursor, total: fits.length, total_is_capped: false });
    }),
    http.get(at("/events/export"), ({ request }) => {
      const rows = fitting(new URL(request.url).searchParams);
      const lines = rows.map(({ at, on, by, action, id }) =>
        [at ?? on, by?.name ?? "", action, id].join(","),
      );
      return new HttpResponse(`\ufeff时间,谁,代码,事件标识\r\n${lines.join("\r\n")}\r\n`, {
        headers: { "Content-Type": "text/csv; charset=utf-8" },
      });
    }),
    http.get(at("/log"), () => HttpResponse.json(seal)),
    http.post(at("/log/verify"), () =>
      HttpResponse.json({
        ...seal,
        verification: { ...verified, state: "queued", is_whole: null, finished_at: null },
      }),
    ),
    http.get(at("/events/:id"), ({ params }) => {
      const event = seen().find(({ id }) => id === params.id);
      return event ? HttpResponse.json(event) : problem(404, "not_found");
    }),
  ];
}
