import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { problem } from "../mocks/handlers";
import { server } from "../test/setup";
import { api, apiBase } from "./client";
import { ApiError, failureOf, fieldErrors, NetworkError, parseRetryAfter } from "./problem";

const ask = () =>
  api.GET("/api/v1/public/region").then(
    () => null,
    (error: unknown) => error,
  );

test("a refusal is thrown with its problem and the errors of its fields", async () => {
  server.use(
    http.get("*/api/v1/public/region", () =>
      problem(422, "invalid_field", {
        detail: "请检查",
        errors: [{ pointer: "/contact/name", code: "too_long", detail: "姓名太长" }],
      }),
    ),
  );
  const error = await ask();
  expect(error).toBeInstanceOf(ApiError);
  expect(failureOf(error)).toMatchObject({ kind: "refused", code: "invalid_field", detail: "请检查" });
  expect(fieldErrors(error)).toEqual({ "contact.name": "姓名太长" });
});

test("a page of a proxy in place of a problem is still told as the server's fault", async () => {
  server.use(http.get("*/api/v1/public/region", () => new HttpResponse("<html>", { status: 502 })));
  expect(failureOf(await ask())).toMatchObject({ kind: "server", code: "internal" });
});

test("no answer at all is told apart", async () => {
  server.use(http.get("*/api/v1/public/region", () => HttpResponse.error()));
  const error = await ask();
  expect(error).toBeInstanceOf(NetworkError);
  expect(failureOf(error).kind).toBe("offline");
});

test("how long to wait is read as seconds or as a date", () => {
  expect(parseRetryAfter("30")).toBe(30);
  expect(parseRetryAfter("Mon, 23 Nov 2026 00:00:10 GMT", Date.parse("2026-11-23T00:00:00Z"))).toBe(10);
  expect(parseRetryAfter(null)).toBeNull();
});

test("a request says the reader's language", async () => {
  let language: string | null = null;
  server.use(
    http.get("*/api/v1/public/region", ({ request }) => {
      language = request.headers.get("Accept-Language");
      return problem(404, "not_found");
    }),
  );
  document.documentElement.lang = "en";
  await ask();
  expect(language).toBe("en");
});

test("the address of the API is the page's own unless the page says another", () => {
  expect(apiBase()).toBe("http://localhost");
  const meta = document.createElement("meta");
  meta.name = "liangnuo-api";
  meta.content = "https://api.example/";
  document.head.append(meta);
  expect(apiBase()).toBe("https://api.example");
  meta.remove();
});
