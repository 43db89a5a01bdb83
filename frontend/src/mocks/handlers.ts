import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { HttpResponse, http } from "msw";
import type { Schemas } from "../api/client";
import { handling, receiptCode, region, replied, statistics, units, waiting } from "./data";

const at = (path: string) => `*/api/v1/public${path}`;

export function problem(
  status: number,
  code: Schemas["ProblemCode"],
  more: Partial<Schemas["Problem"]> = {},
) {
  const body: Schemas["Problem"] = {
    type: `/problems/${code}`,
    title: code,
    status,
    code,
    detail: "",
    request_id: "01JD0000",
    errors: [],
    ...more,
  };
  return HttpResponse.json(body, { status, headers: { "content-type": "application/problem+json" } });
}

/** A challenge whose answer is `answer`. */
export function challengeOf(answer: number, maxnumber = 5000): Schemas["Challenge"] {
  const salt = "0a1b2c3d?expires=1795435200";
  return {
    algorithm: "SHA-256",
    challenge: bytesToHex(sha256(utf8ToBytes(`${salt}${answer}`))),
    salt,
    signature: "signed",
    maxnumber,
  };
}

const ok = <Body extends object>(body: Body, status = 200) => HttpResponse.json(body, { status });

/** What a public page meets where nothing goes wrong; a test puts its own answer before these. */
export const handlers = [
  http.get(at("/region"), () => ok<Schemas["PublicRegion"]>(region)),
  http.get(at("/challenge"), () => ok<Schemas["Challenge"]>(challengeOf(1234))),
  http.get(at("/statistics/complaints"), () => ok<Schemas["PublicComplaintStatistics"]>(statistics)),
  http.get(at("/units"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    const q = query.get("q") ?? "";
    const kind = query.get("kind");
    const parent = query.get("parent_id");
    const found = units.filter(
      (unit) =>
        (unit.name.includes(q) || (unit.name_en ?? "").toLowerCase().includes(q.toLowerCase())) &&
        (!kind || unit.kind === kind) &&
        (!parent || unit.parent?.id === parent),
    );
    const limit = Number(query.get("limit") ?? 20);
    const from = Number(query.get("cursor") ?? 0);
    const end = from + limit;
    return ok<Schemas["PublicUnitPage"]>({
      items: found.slice(from, end),
      next_cursor: end < found.length ? String(end) : null,
      total: query.has("count") ? found.length : null,
      total_is_capped: false,
    });
  }),
  http.get(at("/units/:id/members"), ({ params }) => {
    const shown = [
      {
        name: "陈老师",
        name_en: "Chen",
        post: "投诉受理岗",
        post_en: "Complaint desk",
        is_shown_as_party_member: true,
      },
      { name: "周老师", name_en: null, post: "班主任", post_en: null, is_shown_as_party_member: false },
    ];
    const items = params.id === units[0]?.id ? shown : [];
    return HttpResponse.json({ items, next_cursor: null, total: null, total_is_capped: false });
  }),
  http.get(at("/units/:id"), ({ params }) => {
    const unit = units.find((each) => each.id === params.id);
    return unit ? ok<Schemas["PublicUnit"]>(unit) : problem(404, "not_found");
  }),
  http.post(at("/complaints"), async ({ request }) => {
    const body = (await request.json()) as Schemas["FileComplaint"];
    const unit = units.find((each) => each.id === body.unit_id) ?? region;
    return ok<Schemas["ComplaintReceipt"]>(
      {
        number: "QH-2026-004218",
        receipt_code: receiptCode,
        kind: body.kind,
        unit: { id: unit.id, name: unit.name, name_en: unit.name_en },
        received_on: "2026-11-23",
        expected_by: body.kind === "praise" ? null : "2026-12-08",
      },
      201,
    );
  }),
  http.post(at("/complaints/track"), async ({ request }) => {
    const body = (await request.json()) as Schemas["TrackComplaint"];
    if (body.receipt_code === receiptCode) return ok<Schemas["TrackedComplaint"]>(handling);
    if (body.receipt_code === receiptCode.replace("7", "8")) return ok<Schemas["TrackedComplaint"]>(replied);
    if (body.receipt_code === receiptCode.replace("7", "9")) return ok<Schemas["TrackedComplaint"]>(waiting);
    return problem(404, "not_found");
  }),
  http.post(at("/complaints/messages"), async ({ request }) => {
    const body = (await request.json()) as Schemas["AddToComplaint"];
    const message = {
      id: crypto.randomUUID(),
      from: "complainant" as const,
      body: body.body,
      on: "2026-11-23",
    };
    return ok<Schemas["TrackedComplaint"]>({ ...handling, messages: [...handling.messages, message] }, 201);
  }),
  http.post(at("/complaints/rating"), async ({ request }) => {
    const body = (await request.json()) as Schemas["RateComplaint"];
    return ok<Schemas["TrackedComplaint"]>({
      ...replied,
      state: body.level >= 3 ? "concluded" : "replied",
      allowed_actions: body.level >= 3 ? [] : ["add", "redo"],
      rating: { level: body.level, comment: body.comment ?? null, rated_on: "2026-11-23" },
      next_step: "none",
    });
  }),
  http.post(at("/complaints/redo"), () =>
    ok<Schemas["TrackedComplaint"]>({
      ...replied,
      state: "redoing",
      allowed_actions: ["add"],
      timeline: [
        ...replied.timeline,
        { action: "redo_asked", on: "2026-11-23", unit: null, until: null, reason: null },
      ],
      next_step: "handling",
      due_on: "2026-12-14",
      rating_until: null,
    }),
  ),
  http.post(at("/complaints/withdrawal"), () =>
    ok<Schemas["TrackedComplaint"]>({
      ...handling,
      state: "withdrawn",
      allowed_actions: [],
      timeline: [
        ...handling.timeline,
        { action: "withdrawn", on: "2026-11-23", unit: null, until: null, reason: null },
      ],
      next_step: "none",
      due_on: null,
      due_is_provisional: false,
    }),
  ),
];
