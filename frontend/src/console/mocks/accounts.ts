import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { members, people, root, school } from "./data";
import { at, problem } from "./problem";
import { type SecondFactorState, unconfirmed } from "./secondFactor";

type Account = Schemas["MemberAccount"];

interface State {
  accounts: Record<string, Account>;
  /** What the last link was told to open with. */
  token: string;
  login: string;
  isSignedIn: boolean;
  secondFactor: SecondFactorState;
}

const HOUR = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

/** The first member signs in, nobody else does. */
function accountOf(state: State, id: string): Account | undefined {
  const member = members.find((one) => one.id === id);
  if (!member) return undefined;
  const hasAccount = member === members[0];
  state.accounts[id] ??= {
    member,
    login: hasAccount ? "handler" : null,
    created_at: hasAccount ? "2026-03-01T00:00:00Z" : null,
    password_changed_at: hasAccount ? "2026-09-01T00:00:00Z" : null,
    second_factor_at: hasAccount ? "2026-10-01T00:00:00Z" : null,
    link: null,
    allowed_actions: hasAccount ? ["reset", "remove_second_factor"] : ["invite"],
  };
  return state.accounts[id];
}

export function accounts(state: State) {
  return [
    http.get(at("/members/:id/account"), ({ params }) => {
      const account = accountOf(state, String(params.id));
      return account ? HttpResponse.json(account) : problem(404, "not_found");
    }),
    http.post(at("/members/:id/account/link"), ({ params }) => {
      const account = accountOf(state, String(params.id));
      if (!account) return problem(404, "not_found");
      const refused = unconfirmed(state);
      if (refused) return refused;
      const kind = account.login ? "reset" : "invitation";
      const link: Schemas["AccountLink"] = {
        id: crypto.randomUUID(),
        kind,
        issued_by: people[4] as Schemas["MemberRef"],
        issued_at: new Date().toISOString(),
        expires_at: inHours(kind === "reset" ? 0.25 : 24),
      };
      state.token = `token-${link.id}`;
      const again = account.allowed_actions.filter((action) => action !== "revoke_link");
      state.accounts[String(params.id)] = { ...account, link, allowed_actions: [...again, "revoke_link"] };
      const { id, expires_at } = link;
      return HttpResponse.json(
        { id, kind, member: account.member, token: state.token, expires_at },
        { status: 201 },
      );
    }),
    http.post(at("/members/:id/account/link/revoke"), ({ params }) => {
      const account = accountOf(state, String(params.id));
      if (!account?.link) return problem(409, "link_closed");
      const left = account.allowed_actions.filter((action) => action !== "revoke_link");
      const without = { ...account, link: null, allowed_actions: left };
      state.accounts[String(params.id)] = without;
      return HttpResponse.json(without);
    }),
    http.post(at("/members/:id/account/second-factor/remove"), ({ params }) => {
      const account = accountOf(state, String(params.id));
      if (!account?.second_factor_at) return problem(409, "wrong_state");
      const left = account.allowed_actions.filter((action) => action !== "remove_second_factor");
      const without = { ...account, second_factor_at: null, allowed_actions: left };
      state.accounts[String(params.id)] = without;
      return HttpResponse.json(without);
    }),
    ...links(),
  ];
}

/** "invitation" and "reset" are good; whatever else is no link. */
function targetOf(token: string): Schemas["AccountLinkTarget"] | null {
  if (token !== "invitation" && token !== "reset") return null;
  return {
    kind: token,
    member: people[0] as Schemas["MemberRef"],
    unit: school,
    region: root,
    login: token === "reset" ? "handler" : null,
    expires_at: inHours(1),
  };
}

function links() {
  return [
    http.post(at("/auth/account-links/look-up"), async ({ request }) => {
      const { token } = (await request.json()) as Schemas["LookUpAccountLink"];
      const found = targetOf(token);
      return found ? HttpResponse.json(found) : problem(409, "link_closed");
    }),
    http.post(at("/auth/account-links/redeem"), async ({ request }) => {
      const { password, login } = (await request.json()) as Schemas["RedeemAccountLink"];
      const errors = [];
      if (login === "taken")
        errors.push({ pointer: "/login", code: "taken", detail: "已有人用，请换一个。" });
      if (password.length < 12)
        errors.push({ pointer: "/password", code: "too_short", detail: "密码至少12个字。" });
      if (errors.length > 0) return problem(422, "invalid_field", { errors });
      return new HttpResponse(null, { status: 204 });
    }),
  ];
}
