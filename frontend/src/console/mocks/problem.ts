import { HttpResponse } from "msw";
import type { Schemas } from "../../api/client";

export const at = (path: string) => `*/api/v1${path}`;

export function problem(status: number, code: string, more: Partial<Schemas["Problem"]> = {}, headers = {}) {
  const body = {
    type: "about:blank",
    title: code,
    status,
    code,
    detail: "",
    request_id: "r1",
    errors: [],
    ...more,
  };
  return HttpResponse.json(body, {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}
