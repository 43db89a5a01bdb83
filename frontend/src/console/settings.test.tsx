import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, test } from "vitest";
import { server } from "../test/setup";
import { parseCalendar } from "./calendars/parse";
import { problem } from "./mocks/handlers";
import { settings } from "./mocks/rules";
import { openConsole } from "./test-kit";

async function openSettings() {
  await openConsole("/settings", { login: "admin" });
  return await screen.findByLabelText(/受理后办结/);
}

test("only what was changed is saved, on the version that was read", async () => {
  const field = await openSettings();
  const seen: unknown[] = [];
  server.use(
    http.patch("*/api/v1/settings", async ({ request }) => {
      seen.push(await request.json(), request.headers.get("if-match"));
      return HttpResponse.json({ ...settings, decide_days: 45, version: 4 });
    }),
  );
  expect(screen.getByRole("button", { name: "保存" })).toBeDisabled();
  await userEvent.clear(field);
  await userEvent.type(field, "45");
  await userEvent.click(screen.getByRole("button", { name: "保存1项修改" }));
  expect(await screen.findByText(/已经保存/)).toBeVisible();
  expect(seen).toEqual([{ decide_days: 45 }, '"v3"']);
  expect(screen.getByLabelText(/受理后办结/)).toHaveValue(45);
});

test("a value beyond the law is explained beside its field and stays", async () => {
  const field = await openSettings();
  server.use(
    http.patch("*/api/v1/settings", () =>
      problem(422, "invalid_field", {
        errors: [{ pointer: "/decide_days", code: "out_of_range", detail: "请填1到60之间的数。" }],
      }),
    ),
  );
  await userEvent.clear(field);
  await userEvent.type(field, "90");
  await userEvent.click(screen.getByRole("button", { name: "保存1项修改" }));
  await waitFor(() => expect(field).toHaveAccessibleDescription(/请填1到60之间的数/));
  expect(field).toHaveValue(90);
});

test("who may not change them reads them", async () => {
  await openConsole("/settings", { login: "handler" });
  server.use(http.get("*/api/v1/settings", () => HttpResponse.json({ ...settings, may_edit: false })));
  expect(await screen.findByLabelText(/受理后办结/)).toBeInTheDocument();
});

describe("a year's calendar", () => {
  test("is read line by line, and each slip is named", () => {
    const text =
      "date,kind\n2027-01-01,holiday\r\n\n2027-01-03，workday\n2027-02-30,holiday\n2026-12-31,holiday";
    const { days, errors } = parseCalendar(`${text}\n2027-01-01,holiday\n2027-05-01,party\nnonsense`, 2027);
    expect(days).toEqual([
      { day: "2027-01-01", is_worked: false },
      { day: "2027-01-03", is_worked: true },
    ]);
    expect(errors).toEqual([
      { line: 5, why: "not_a_date" },
      { line: 6, why: "other_year" },
      { line: 7, why: "twice" },
      { line: 8, why: "unknown_kind" },
      { line: 9, why: "not_a_pair" },
    ]);
  });

  test("is loaded for the year after the last known one", async () => {
    await openConsole("/calendars", { login: "admin" });
    const seen: unknown[] = [];
    server.use(
      http.put("*/api/v1/calendars/:year", async ({ request, params }) => {
        seen.push(params.year, request.headers.get("if-match"), await request.json());
        return HttpResponse.json({ year: 2027, days: [], loaded_at: null, version: 1 });
      }),
    );
    await userEvent.click(await screen.findByRole("button", { name: "载入一年的放假安排" }));
    await userEvent.type(screen.getByLabelText(/^放假安排/), "2027-01-01,holiday");
    await userEvent.click(screen.getByRole("button", { name: "载入2027年" }));
    await waitFor(() =>
      expect(seen).toEqual(["2027", '"v0"', { days: [{ day: "2027-01-01", is_worked: false }] }]),
    );
  });
});
