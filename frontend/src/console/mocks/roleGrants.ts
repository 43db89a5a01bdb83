import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { members, people, root, school, units } from "./data";
import { at, problem } from "./problem";

type Grant = Schemas["RoleGrant"];

function grant(n: number, role: Schemas["RoleCode"], more: Partial<Grant> = {}): Grant {
  return {
    id: `0000000${n}-0000-4000-8000-000000000077`,
    member: people[n] as Schemas["MemberRef"],
    role,
    unit: school,
    state: "in_force",
    starts_at: "2026-03-01T00:00:00Z",
    ends_at: null,
    reason: "岗位调整",
    granted_by: people[4] as Schemas["MemberRef"],
    end_reason: null,
    deputy_for_id: null,
    acting_for: null,
    allowed_actions: ["end", "name_deputy"],
    version: 1,
    ...more,
  };
}

/** One of each kind: without an end, of old, a deputy, one to come, one that is over. */
export function someGrants(): Grant[] {
  const head = grant(2, "unit_head", { reason: null, granted_by: null });
  return [
    grant(0, "handler"),
    head,
    grant(3, "unit_head", {
      acting_for: head.member,
      deputy_for_id: head.id,
      ends_at: "2026-12-06T16:00:00Z",
      reason: "外出培训",
      allowed_actions: ["end"],
    }),
    grant(1, "campaign_office", { unit: root, state: "future", starts_at: "2027-03-01T00:00:00Z" }),
    grant(5, "handler", {
      state: "ended",
      ends_at: "2026-06-30T16:00:00Z",
      end_reason: "调离岗位",
      allowed_actions: [],
    }),
  ];
}

export function roleGrants(state: { grants: Grant[] }) {
  const made = (body: Schemas["GrantRole"], more: Partial<Grant>) => {
    const member = members.find(({ id }) => id === body.member_id);
    if (!body.reason || !member) return null;
    const unit = units.find(({ id }) => id === body.unit_id) ?? root;
    const one = grant(0, body.role, {
      id: crypto.randomUUID(),
      member,
      unit,
      reason: body.reason,
      starts_at: new Date().toISOString(),
      ...more,
    });
    state.grants = [one, ...state.grants];
    return one;
  };
  const missing = () =>
    problem(422, "invalid_field", {
      errors: [{ pointer: "/reason", code: "required", detail: "请填写这一项。" }],
    });
  return [
    http.get(at("/role-grants"), ({ request }) => {
      const params = new URL(request.url).searchParams;
      const is = (name: string, value: string | null | undefined) =>
        !params.get(name) || params.get(name) === value;
      const items = state.grants.filter(
        (one) =>
          is("state", one.state) &&
          is("role", one.role) &&
          is("member_id", one.member.id) &&
          is("unit_id", one.unit.id) &&
          is("role_grant_id", one.deputy_for_id) &&
          is("is_deputy", String(one.deputy_for_id !== null)) &&
          one.member.name.includes(params.get("q") ?? ""),
      );
      return HttpResponse.json({ items, next_cursor: null, total: items.length, total_is_capped: false });
    }),
    http.post(at("/role-grants"), async ({ request }) => {
      const one = made((await request.json()) as Schemas["GrantRole"], {});
      return one ? HttpResponse.json(one, { status: 201 }) : missing();
    }),
    http.post(at("/role-grants/:id/deputies"), async ({ request, params }) => {
      const of = state.grants.find(({ id }) => id === params.id);
      if (!of) return problem(404, "not_found");
      const body = (await request.json()) as Schemas["NameDeputy"];
      const one = made(
        { ...body, role: of.role, unit_id: of.unit.id },
        { acting_for: of.member, deputy_for_id: of.id, ends_at: `${body.ends_on}T16:00:00Z` },
      );
      return one ? HttpResponse.json(one, { status: 201 }) : missing();
    }),
    http.post(at("/role-grants/:id/end"), async ({ request, params }) => {
      const one = state.grants.find(({ id }) => id === params.id);
      if (!one) return problem(404, "not_found");
      if (request.headers.get("If-Match") !== `"v${one.version}"`) return problem(412, "stale_version");
      const { reason } = (await request.json()) as Schemas["EndRoleGrant"];
      if (!reason) return missing();
      const ended: Grant = {
        ...one,
        state: "ended",
        ends_at: new Date().toISOString(),
        end_reason: reason,
        allowed_actions: [],
        version: one.version + 1,
      };
      state.grants = state.grants.map((other) => (other.id === one.id ? ended : other));
      return HttpResponse.json(ended);
    }),
  ];
}
