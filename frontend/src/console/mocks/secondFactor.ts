import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { at, problem } from "./problem";

export interface SecondFactorState {
  /** Since when there is one. */
  enrolledAt: string | null;
  /** Nothing else may be done before it is set up. */
  isMissing: boolean;
  isMandatory: boolean;
  /** Steps that need a confirmation are refused until there is one. */
  isConfirmed: boolean;
  codesLeft: number;
}

export const someSecondFactor = (): SecondFactorState => ({
  enrolledAt: null,
  isMissing: false,
  isMandatory: false,
  isConfirmed: true,
  codesLeft: 0,
});

interface State {
  login: string;
  isSignedIn: boolean;
  secondFactor: SecondFactorState;
}

/** The telephone shows this, always. */
export const GOOD_CODE = "123456";
export const GOOD_RECOVERY_CODE = "abcde-fgh23";

export const recoveryCodes = () =>
  Array.from({ length: 10 }, (_, n) => `abcd${String.fromCharCode(101 + n)}-fgh23`);

const isGood = ({ code, recovery_code }: { code?: string | null; recovery_code?: string | null }) =>
  code === GOOD_CODE || recovery_code === GOOD_RECOVERY_CODE;

/** Refuses what needs a confirmation that is not there. */
export function unconfirmed(state: State) {
  return state.secondFactor.isConfirmed ? null : problem(403, "confirmation_needed");
}

export function secondFactor(state: State, grant: (login: string) => Schemas["TokenGrant"]) {
  const of = () => state.secondFactor;
  return [
    http.post(at("/auth/second-factor"), async ({ request }) => {
      const body = (await request.json()) as Schemas["LogInCode"];
      if (body.ticket !== "ticket") return problem(401, "ticket_ended");
      if (body.code === "000000") return problem(401, "ticket_ended");
      if (!isGood(body)) return problem(422, "wrong_code");
      state.isSignedIn = true;
      return HttpResponse.json(grant(state.login));
    }),
    http.post(at("/auth/confirm"), async ({ request }) => {
      const body = (await request.json()) as Schemas["Confirm"];
      if (of().enrolledAt && !isGood(body)) return problem(422, "wrong_code");
      if (!of().enrolledAt && (!body.password || body.password === "wrong")) {
        return problem(422, "invalid_field", {
          errors: [{ pointer: "/password", code: "wrong", detail: "密码不对。" }],
        });
      }
      of().isConfirmed = true;
      return HttpResponse.json({ confirmed_until: "2026-11-23T08:00:00Z" });
    }),
    http.get(at("/me/second-factor"), () =>
      HttpResponse.json({
        is_enrolled: of().enrolledAt !== null,
        enrolled_at: of().enrolledAt,
        is_mandatory: of().isMandatory,
        recovery_codes_left: of().codesLeft,
        confirmed_until: "2026-11-23T08:00:00Z",
      }),
    ),
    http.post(
      at("/me/second-factor/begin"),
      () =>
        unconfirmed(state) ??
        HttpResponse.json({
          seed: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
          uri: "otpauth://totp/Liangnuo:handler?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Liangnuo",
          expires_at: "2026-11-23T08:00:00Z",
        }),
    ),
    http.post(at("/me/second-factor/enrol"), async ({ request }) => {
      if (!isGood((await request.json()) as { code: string })) return problem(422, "wrong_code");
      Object.assign(of(), { enrolledAt: "2026-11-23T07:30:00Z", isMissing: false, codesLeft: 10 });
      return HttpResponse.json({ recovery_codes: recoveryCodes() });
    }),
    http.post(at("/me/second-factor/recovery-codes"), () => {
      of().codesLeft = 10;
      return unconfirmed(state) ?? HttpResponse.json({ recovery_codes: recoveryCodes() });
    }),
    http.post(at("/me/second-factor/turn-off"), () => {
      Object.assign(of(), { enrolledAt: null, codesLeft: 0 });
      return new HttpResponse(null, { status: 204 });
    }),
  ];
}
