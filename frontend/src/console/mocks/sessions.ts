import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { at, problem } from "./problem";

const session = (n: number, more: Partial<Schemas["Session"]>): Schemas["Session"] => ({
  id: `0000000${n}-0000-4000-8000-000000000088`,
  is_current: false,
  browser: "edge",
  system: "windows",
  created_at: `2026-11-2${n}T00:30:00Z`,
  last_used_at: `2026-11-2${n}T03:10:00Z`,
  ...more,
});

/** This one, one on a phone, one of a program that says nothing of itself. */
export const someSessions = () => [
  session(3, { is_current: true }),
  session(2, { browser: "wechat", system: "ios" }),
  session(1, { browser: "other", system: "other" }),
];

export function sessions(state: { sessions: Schemas["Session"][] }) {
  return [
    http.get(at("/me/sessions"), () => HttpResponse.json({ items: state.sessions })),
    http.post(at("/me/sessions/end-others"), () => {
      state.sessions = state.sessions.filter(({ is_current }) => is_current);
      return new HttpResponse(null, { status: 204 });
    }),
    http.post(at("/me/sessions/:id/end"), ({ params }) => {
      const kept = state.sessions.filter(({ id }) => id !== params.id);
      if (kept.length === state.sessions.length) return problem(404, "not_found");
      state.sessions = kept;
      return new HttpResponse(null, { status: 204 });
    }),
  ];
}
