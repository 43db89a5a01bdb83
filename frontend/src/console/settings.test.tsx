import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, test } from "vitest";
import { server } from "../test/setup";
import { byMonth, decemberAfter } from "./calendars/months";
import { decodeCsv, parseCalendar } from "./calendars/parse";
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
  // What is typed as it was is no change.
  const told = screen.getByLabelText(/告知是否受理/);
  await userEvent.clear(told);
  await userEvent.type(told, String(settings.tell_days));
  expect(screen.getByRole("button", { name: "保存" })).toBeDisabled();
  await userEvent.clear(field);
  await userEvent.type(field, "45");
  await userEvent.click(screen.getByRole("button", { name: "保存1项修改" }));
  expect(await screen.findByText(/已经保存/)).toBeVisible();
  expect(seen).toEqual([{ decide_days: 45 }, '"v3"']);
  expect(screen.getByLabelText(/受理后办结/)).toHaveValue(45);
});

test("what was changed and not saved is asked about before it is left", async () => {
  const field = await openSettings();
  const leave = () => userEvent.click(screen.getByRole("link", { name: "工作日历" }));
  await userEvent.clear(field);
  await userEvent.type(field, "45");
  await leave();
  await userEvent.click(await screen.findByRole("button", { name: /留下来保存/ }));
  expect(field).toHaveValue(45);
  const before = new Event("beforeunload", { cancelable: true });
  globalThis.dispatchEvent(before);
  expect(before.defaultPrevented).toBe(true);
  await leave();
  await userEvent.click(await screen.findByRole("button", { name: /不改了，离开/ }));
  expect(await screen.findByRole("heading", { level: 1, name: "工作日历" })).toBeVisible();
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

test("what the server refuses beside the fields is named above them too, and takes the focus", async () => {
  const field = await openSettings();
  const detail = "黄牌、红牌、通报的天数要依次递增。";
  server.use(
    http.patch("*/api/v1/settings", () =>
      problem(422, "invalid_field", { errors: [{ pointer: "/red_card_day", code: "wrong_order", detail }] }),
    ),
  );
  const card = screen.getByLabelText(/^红牌/);
  await userEvent.clear(card);
  await userEvent.type(card, "60");
  await userEvent.click(screen.getByRole("button", { name: "保存1项修改" }));
  expect(await screen.findByRole("alert")).toHaveFocus();
  await userEvent.click(screen.getByRole("link", { name: /依次递增/ }));
  expect(card).toHaveFocus();
  expect(card).toHaveAccessibleDescription(/依次递增/);
  expect(field).not.toHaveAttribute("aria-invalid");
});

test("an emptied field is not sent, nor passed over in silence", async () => {
  const field = await openSettings();
  let patches = 0;
  server.use(
    http.patch("*/api/v1/settings", () => {
      patches += 1;
      return HttpResponse.json(settings);
    }),
  );
  await userEvent.clear(field);
  await userEvent.click(screen.getByRole("button", { name: "保存" }));
  expect(field).toHaveFocus();
  expect(field).toHaveAccessibleDescription(/请填整数/);
  expect(patches).toBe(0);
});

test("somebody else was faster: what was typed stays, and goes on the newer version", async () => {
  const field = await openSettings();
  const sent: unknown[] = [];
  const newer = { ...settings, decide_days: 50, tell_days: 10, version: 4 };
  server.use(
    http.patch("*/api/v1/settings", async ({ request }) => {
      const version = request.headers.get("if-match");
      sent.push([version, await request.json()]);
      return version === '"v4"'
        ? HttpResponse.json({ ...newer, decide_days: 45, version: 5 })
        : problem(412, "stale_version");
    }),
    http.get("*/api/v1/settings", () => HttpResponse.json(newer)),
  );
  await userEvent.clear(field);
  await userEvent.type(field, "45");
  await userEvent.click(screen.getByRole("button", { name: "保存1项修改" }));
  expect(await screen.findByText("您填的时候，别人改了设置")).toBeVisible();
  expect(field).toHaveValue(45);
  await userEvent.click(screen.getByRole("button", { name: "取来新的，接着存" }));
  // What the other one saved is seen, in the fields that were left alone and beside the one that was not.
  await waitFor(() => expect(screen.getByLabelText(/告知是否受理/)).toHaveValue(10));
  expect(screen.queryByText("您填的时候，别人改了设置")).not.toBeInTheDocument();
  expect(field).toHaveValue(45);
  expect(field).toHaveAccessibleDescription(/现在是50/);
  await userEvent.click(screen.getByRole("button", { name: "保存1项修改" }));
  expect(await screen.findByText(/已经保存/)).toBeVisible();
  expect(sent).toEqual([
    ['"v3"', { decide_days: 45 }],
    ['"v4"', { decide_days: 45 }],
  ]);
});

test("what law bounds says so, beside the bounds and the default", async () => {
  const field = await openSettings();
  expect(field).toHaveAccessibleDescription("1到60，默认60 · 《信访工作条例》：最多60天");
  expect(screen.getByText(/已经告诉投诉人的日期不会提前/)).toBeVisible();
});

test("who may not change them reads them", async () => {
  const { router } = await openConsole("/units", { login: "handler" });
  await screen.findByRole("heading", { level: 1, name: "单位" });
  expect(screen.queryByRole("link", { name: "设置" })).not.toBeInTheDocument();
  server.use(http.get("*/api/v1/settings", () => HttpResponse.json({ ...settings, may_edit: false })));
  await router.navigate("/settings");
  expect(await screen.findByLabelText(/受理后办结/)).toBeDisabled();
  expect(screen.getByRole("checkbox", { name: /顺延/ })).toBeDisabled();
  expect(screen.queryByRole("button", { name: /保存/ })).not.toBeInTheDocument();
  await router.navigate("/calendars");
  expect(await screen.findByText(/放假安排已经到2026/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "载入一年的放假安排" })).not.toBeInTheDocument();
});

describe("a year's calendar", () => {
  test("is read line by line, and each slip is named", () => {
    const text =
      "date,kind\n2027-01-01,holiday\r\n\n2027-01-03，workday\n2027-02-30,holiday\n2026-11-30,holiday";
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

  test("begins in the December before, where its notice does", () => {
    const { days, errors } = parseCalendar("2027-01-01,holiday\n2026-12-31,放假\n2027-12-31,holiday", 2027);
    expect(errors).toEqual([]);
    expect(days.map(({ day }) => day)).toEqual(["2026-12-31", "2027-01-01", "2027-12-31"]);
    const [off, worked] = [false, true].map((is_worked) => (day: string) => ({ day, is_worked }));
    const known = [off?.("2026-10-01"), off?.("2026-12-30"), worked?.("2026-12-27")].filter(
      (day) => day !== undefined,
    );
    const named = days.slice(0, 1);
    // What an earlier notice named and this one does not is as its weekday says again.
    expect(decemberAfter(known, known.slice(1, 2), named).map(({ day }) => day)).toEqual([
      "2026-10-01",
      "2026-12-27",
      "2026-12-31",
    ]);
  });

  test("is drawn by month, a holiday over its weekend in one", () => {
    const off = (day: string) => ({ day, is_worked: false });
    const days = [
      { day: "2026-10-10", is_worked: true },
      ...["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-12-31"].map(off),
      // A Saturday that is worked parts what lies around it.
      ...["2026-05-01", "2026-05-04"].map(off),
      { day: "2026-05-02", is_worked: true },
    ];
    expect(byMonth(days)).toEqual([
      {
        month: "2026-05",
        off: [
          { from: "2026-05-01", to: "2026-05-01" },
          { from: "2026-05-04", to: "2026-05-04" },
        ],
        worked: ["2026-05-02"],
      },
      { month: "2026-10", off: [{ from: "2026-10-01", to: "2026-10-06" }], worked: ["2026-10-10"] },
      { month: "2026-12", off: [{ from: "2026-12-31", to: "2026-12-31" }], worked: [] },
    ]);
  });

  test("comes from a file in either encoding", () => {
    const bytes = (...codes: number[]) => new Uint8Array(codes).buffer;
    const [day, line] = ["2027-01-01,", (text: string) => [...new TextEncoder().encode(text)]] as const;
    expect(decodeCsv(bytes(0xef, 0xbb, 0xbf, ...line(`${day}放假`)))).toBe("2027-01-01,放假");
    // 放假 in GB 18030.
    expect(decodeCsv(bytes(...line(day), 0xb7, 0xc5, 0xbc, 0xd9))).toBe("2027-01-01,放假");
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

  async function openLoader() {
    await openConsole("/calendars", { login: "admin" });
    const seen: unknown[] = [];
    server.use(
      http.put("*/api/v1/calendars/:year", async ({ request, params }) => {
        seen.push([params.year, request.headers.get("if-match"), await request.json()]);
        return HttpResponse.json({ year: 2026, days: [], loaded_at: null, version: 1 });
      }),
    );
    await userEvent.click(await screen.findByRole("button", { name: "载入一年的放假安排" }));
    return { seen, days: screen.getByLabelText(/^放假安排$/) };
  }

  test("is not loaded while a line is wrong, and the line is named", async () => {
    const { seen, days } = await openLoader();
    const load = screen.getByRole("button", { name: "载入2027年" });
    await userEvent.click(load);
    expect(days).toHaveAccessibleDescription(/请先粘贴放假安排/);
    await userEvent.type(days, "2027-01-01,holiday{enter}2027-02-30,holiday{enter}2027-03-01,party");
    expect(screen.getByText(/第2行：日期要写成/)).toBeVisible();
    expect(screen.getByText(/第3行：类型要写/)).toBeVisible();
    await userEvent.click(load);
    expect(days).toHaveAccessibleDescription(/有2行要改/);
    expect(days).toHaveFocus();
    expect(seen).toEqual([]);
  });

  test("tells apart what it changes in its own year and in the December before", async () => {
    const { seen, days } = await openLoader();
    await userEvent.type(days, "2026-12-31,holiday");
    const load = screen.getByRole("button", { name: "载入2027年" });
    await userEvent.click(load);
    expect(days).toHaveAccessibleDescription(/还没有2027年的日子/);
    await userEvent.type(days, "{enter}2027-01-01,holiday");
    expect(screen.getByText("2027年：放假1天，调休上班0天。")).toBeVisible();
    const changes = screen.getByText("同时改2026年12月：").nextElementSibling?.nextElementSibling;
    expect(changes).toHaveTextContent("12月31日(周四)：由照常改为放假");
    expect(changes?.children).toHaveLength(1);
    await userEvent.click(load);
    const loaded = ["2026-12-31", "2027-01-01"].map((day) => ({ day, is_worked: false }));
    await waitFor(() => expect(seen).toEqual([["2027", '"v0"', { days: loaded }]]));
  });

  test("says where its notice begins, and that the year before is still provisional", async () => {
    const { router } = await openConsole("/units", { login: "admin" });
    await screen.findByRole("heading", { level: 1, name: "单位" });
    server.use(
      http.get("*/api/v1/calendars", () =>
        HttpResponse.json({
          items: [
            {
              year: 2028,
              days: [{ day: "2028-01-03", is_worked: false }],
              previous_december: [{ day: "2027-12-31", is_worked: false }],
              loaded_at: "2026-11-20T02:00:00Z",
              version: 1,
            },
          ],
        }),
      ),
    );
    await router.navigate("/calendars");
    expect(await screen.findByText(/这一年的通知还改了2027年12月/)).toHaveTextContent(
      "放假：12月31日(周五)。",
    );
    await userEvent.click(screen.getByRole("button", { name: "载入一年的放假安排" }));
    const days = screen.getByLabelText(/^放假安排$/);
    const year = screen.getByLabelText(/^年份/);
    await userEvent.clear(year);
    await userEvent.type(year, "2028");
    await userEvent.type(days, "2028-01-03,holiday{enter}2027-12-26,workday");
    expect(screen.getByText(/2027年的放假安排还没有载入/)).toBeVisible();
    const changes = screen.getAllByRole("list").at(-1);
    expect(changes).toHaveTextContent("12月26日(周日)：由照常改为调休上班");
    expect(changes).toHaveTextContent("12月31日(周五)：由放假改为照常");
  });

  test("that somebody else loaded meanwhile is fetched, and the note about it goes", async () => {
    const { days } = await openLoader();
    server.use(http.put("*/api/v1/calendars/:year", () => problem(412, "stale_version")));
    await userEvent.type(days, "2027-01-01,holiday");
    await userEvent.click(screen.getByRole("button", { name: "载入2027年" }));
    await userEvent.click(await screen.findByRole("button", { name: "取来新的，接着存" }));
    expect(screen.queryByText("您填的时候，别人改了这一项")).toBeNull();
    expect(days).toHaveValue("2027-01-01,holiday");
  });

  test("that is known already is compared day by day before it is loaded anew", async () => {
    const { seen, days } = await openLoader();
    const year = screen.getByLabelText(/^年份/);
    await userEvent.clear(year);
    await userEvent.type(year, "2026");
    const file = new File(["date,kind\n2026-01-01,holiday\n2026-01-02,holiday\n"], "2026.csv");
    await userEvent.upload(screen.getByLabelText("要载入的文件"), file);
    await waitFor(() => expect(days).toHaveValue("date,kind\n2026-01-01,holiday\n2026-01-02,holiday\n"));
    const changes = screen.getByText("和现在的比，有2天不同：").nextElementSibling;
    expect([...(changes?.children ?? [])].map(({ textContent }) => textContent)).toEqual([
      "1月2日(周五)：由照常改为放假",
      "1月4日(周日)：由调休上班改为照常",
    ]);
    await userEvent.click(screen.getByRole("button", { name: "载入2026年" }));
    const loaded = ["2026-01-01", "2026-01-02"].map((day) => ({ day, is_worked: false }));
    await waitFor(() => expect(seen).toEqual([["2026", '"v0"', { days: loaded }]]));
  });
});
