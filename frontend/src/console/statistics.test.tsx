import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { server } from "../test/setup";
import { matches } from "./mocks/cases";
import { problem } from "./mocks/problem";
import { today } from "./shared/due";
import { counted, doneIn, listLink, narrowed, receivedIn } from "./statistics/links";
import { type CaseFigures, measures, nextSort, sortRows } from "./statistics/measures";
import { queryOf, readPage, writePage } from "./statistics/page";
import { periodFilters, wholeOf } from "./statistics/period";
import { openConsole } from "./test-kit";

const none: CaseFigures = {
  total: 0,
  replied: 0,
  ended: 0,
  median_days_to_reply: null,
  p90_days_to_reply: null,
  is_approximate: false,
  over_15_days: 0,
  over_60_days: 0,
  rated: 0,
  satisfied: 0,
  redone: 0,
  overdue: 0,
};
const row = (name: string, figures: Partial<CaseFigures>) => ({ name, figures: { ...none, ...figures } });
const by = (id: string) => measures.find((measure) => measure.id === id) as (typeof measures)[number];
const namesBy = (sort: string, rows: ReturnType<typeof row>[]) =>
  sortRows(rows, sort, "zh-CN").map(({ name }) => name);

describe("the list behind a figure", () => {
  test("keeps what the page is narrowed down to", () => {
    expect(listLink({ channel: ["web"], year: 2026 }, counted.over15)).toBe(
      "/complaints?channel=web&year=2026&days_to_reply_over=15",
    );
    expect(listLink({}, { category_id: "c" }, counted.satisfied)).toBe(
      "/complaints?category_id=c&is_rated_unsatisfied=false",
    );
  });

  test("is never wider than the page", () => {
    const filters = { state: ["replied"], received_from: "2026-03-10", days_to_reply_over: 30 };
    expect(narrowed(filters, { state: ["replied", "concluded"], days_to_reply_over: 15 })).toEqual(filters);
    expect(receivedIn(filters, "2026-03")).toMatch(/received_from=2026-03-10&.*received_to=2026-03-31/);
    expect(receivedIn({}, "2024-02")).toContain("received_to=2024-02-29");
  });

  test("of what was done in a month holds cases received before the period", () => {
    expect(doneIn({ year: 2026, kind: ["grievance"] }, "2026-01", "ended")).toBe(
      "/complaints?kind=grievance&ended_from=2026-01-01&ended_to=2026-01-31",
    );
    const some = { received_from: "2026-01-10", received_to: "2026-02-05" };
    expect(doneIn(some, "2026-02", "replied")).toBe(
      "/complaints?replied_from=2026-02-01&replied_to=2026-02-05",
    );
  });
});

describe("the period", () => {
  test("is whole months and years, for which sums are kept", () => {
    expect(periodFilters("this_year", "2026-11-24")).toEqual({ year: 2026 });
    expect(periodFilters("last_year", "2026-11-24")).toEqual({ year: 2025 });
    expect(periodFilters("12_months", "2026-11-24")).toEqual({
      received_from: "2025-12-01",
      received_to: "2026-11-30",
    });
    expect(periodFilters("12_months", "2026-12-01").received_from).toBe("2026-01-01");
    expect(periodFilters("all", "2026-11-24")).toEqual({});
  });

  test.each([
    [{ year: 2025 }, "2025"],
    [{ received_from: "2026-03-01", received_to: "2026-03-31" }, "2026-03"],
    [{ received_from: "2025-01-01", received_to: "2025-12-31" }, "2025"],
    [{ received_from: "2026-03-02", received_to: "2026-03-31" }, undefined],
  ])("%j is named as a whole: %s", (filters, name) => expect(wholeOf(filters)).toBe(name));

  test.each([
    "",
    "period=all",
    "period=12_months&channel=web",
    "year=2025&view=units&units=office&by=-over15",
  ])("the address %j is written as it was read", (address) => {
    const written = new URLSearchParams(writePage(readPage(new URLSearchParams(address))));
    expect([...written].sort()).toEqual([...new URLSearchParams(address)].sort());
  });

  test("days in the address go before a period with a name", () => {
    const page = readPage(new URLSearchParams("period=last_year&received_from=2026-02-01"));
    expect(queryOf(page, "2026-11-24")).toEqual({ received_from: "2026-02-01" });
  });
});

describe("rows are sorted", () => {
  test("with the worst first, which of satisfaction is the lowest", () => {
    expect(nextSort("-total", by("over15"))).toBe("-over15");
    expect(nextSort("-over15", by("over15"))).toBe("over15");
    expect(nextSort("-total", by("satisfied"))).toBe("satisfied");
    expect(nextSort("satisfied", by("satisfied"))).toBe("-satisfied");
  });

  test("by share, not by number; those of few cases after the rest, and without any last", () => {
    const rows = [
      row("none", { total: 9 }),
      row("few", { total: 2, replied: 2, over_15_days: 2 }),
      row("many", { total: 100, replied: 100, over_15_days: 20 }),
      row("bad", { total: 10, replied: 10, over_15_days: 5 }),
    ];
    expect(namesBy("-over15", rows)).toEqual(["bad", "many", "few", "none"]);
    expect(namesBy("over15", rows)).toEqual(["many", "bad", "few", "none"]);
    expect(namesBy("-total", rows)).toEqual(["many", "bad", "none", "few"]);
  });

  test("by name, and by a median that is not kept for each", () => {
    const rows = [
      row("丙", { replied: 9 }),
      row("乙", { replied: 9, median_days_to_reply: 3.5 }),
      row("甲", { replied: 9, median_days_to_reply: 12 }),
    ];
    expect(namesBy("-median", rows)).toEqual(["甲", "乙", "丙"]);
    expect(namesBy("median", rows)).toEqual(["乙", "甲", "丙"]);
    expect(namesBy("name", rows)).toEqual(["丙", "甲", "乙"]);
  });
});

/** How many cases the mock county has behind each link to a list, and what the link says. */
async function expectHonest(container: HTMLElement, cases: Schemas["Complaint"][]) {
  const links = [...container.querySelectorAll<HTMLAnchorElement>("main a.fig[href^='/complaints']")];
  for (const link of links) {
    const params = new URL(link.href).searchParams;
    const count = cases.filter((one) => matches(one, params)).length;
    expect(`${link.getAttribute("href")} ${link.textContent}`).toBe(`${link.getAttribute("href")} ${count}`);
  }
  return links.length;
}

describe("the page", () => {
  test.each(["categories", "units&units=all", "units&units=office", "channels", "kinds"])(
    "every number of the table by %s opens a list of just as many",
    async (view) => {
      const { container, state } = await openConsole(`/statistics?period=all&view=${view}`, { count: 96 });
      await screen.findByRole("row", { name: /合计/ });
      await userEvent.click(screen.getAllByRole("button", { name: "表" })[0] as HTMLElement);
      expect(await expectHonest(container, state.cases)).toBeGreaterThan(30);
    },
  );

  test("the headline figures open their lists, in the period of the page", async () => {
    await openConsole("/statistics?channel=web");
    const year = today().slice(0, 4);
    const late = await screen.findByRole("link", { name: /^现超期/ });
    expect(late).toHaveAttribute("href", `/complaints?channel=web&year=${year}&phase=overdue,long_overdue`);
    expect(screen.getByRole("button", { name: /^收到\s*今年/ })).toBeInTheDocument();
  });

  test("a column is sorted by a press, and the address keeps it", async () => {
    const { router } = await openConsole("/statistics?period=all");
    const head = await screen.findByRole("columnheader", { name: "超15天" });
    await userEvent.click(within(head).getByRole("button"));
    await waitFor(() => expect(router.state.location.search).toContain("by=-over15"));
    expect(screen.getByRole("columnheader", { name: "超15天" })).toHaveAttribute("aria-sort", "descending");
  });

  test("a category is looked into, and left again", async () => {
    const { router } = await openConsole("/statistics?period=all");
    await userEvent.click(await screen.findByRole("button", { name: "看下级：学校食堂" }));
    expect(await screen.findByRole("link", { name: "学校食堂（直接归入本类）" })).toHaveAttribute(
      "href",
      expect.stringMatching(/category_id=[^&]+&category_only=true/),
    );
    expect(screen.getByRole("link", { name: "收费" })).toBeInTheDocument();
    await userEvent.click(await screen.findByRole("button", { name: "全部分类" }));
    await waitFor(() => expect(router.state.location.search).toBe("?period=all"));
  });

  test("a period without cases leads to all of them", async () => {
    const { router } = await openConsole("/statistics?year=1990");
    await userEvent.click(await screen.findByRole("button", { name: "看全部时间" }));
    expect(await screen.findByRole("link", { name: /^收到60/ })).toBeInTheDocument();
    expect(router.state.location.search).toBe("?period=all");
  });

  test("old figures keep their own lists while others are on their way", async () => {
    const { router } = await openConsole("/statistics?period=all");
    await screen.findByRole("link", { name: /^收到60/ });
    server.use(http.get("*/api/v1/statistics/complaints", () => delay("infinite")));
    await act(() => router.navigate("/statistics?year=2020"));
    expect(screen.getByRole("button", { name: /^收到\s*2020年/ })).toBeInTheDocument();
    const received = screen.getByRole("link", { name: /^收到60/ });
    expect(received).toHaveAttribute("href", "/complaints");
    expect(received.closest("[aria-busy='true']")).not.toBeNull();
  });

  test("figures that can't be had are asked for again", async () => {
    await openConsole("/statistics");
    await screen.findByRole("heading", { name: "按分类" });
    server.use(http.get("*/api/v1/statistics/complaints", () => problem(500, "internal")));
    await userEvent.click(screen.getByRole("link", { name: "按单位" }));
    expect(await screen.findByRole("button", { name: "再试一次" })).toBeInTheDocument();
  });

  test("the table that one looks at is exported as it is narrowed down", async () => {
    const asked: string[] = [];
    await openConsole("/statistics?period=all&view=units&units=school&channel=web");
    server.use(
      http.get("*/api/v1/statistics/complaints/export", ({ request }) => {
        asked.push(new URL(request.url).search);
        return new HttpResponse("");
      }),
    );
    globalThis.URL.createObjectURL = () => "blob:figures";
    globalThis.URL.revokeObjectURL = () => undefined;
    await userEvent.click(await screen.findByRole("button", { name: /导出$/ }));
    const group = await screen.findByText("按单位", { selector: ".ant-dropdown-menu-item-group-title" });
    const items = within(group.parentElement as HTMLElement).getAllByRole("menuitem");
    await userEvent.click(items[1] as HTMLElement);
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(Object.fromEntries(new URLSearchParams(asked[0]))).toEqual({
      channel: "web",
      unit_kind: "school",
      table: "units",
      format: "csv-gb18030",
    });
  });
});

test("the queue shows what a figure narrowed it down to, and lets go of it", async () => {
  const { router } = await openConsole("/complaints?is_rated_unsatisfied=false&has_category=false&year=2026");
  expect(await screen.findByRole("button", { name: /^评价\s*满意$/ })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: /^分类\s*未分类$/ })).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "清除评价" }));
  await waitFor(() => expect(router.state.location.search).toBe("?year=2026&has_category=false"));
  await userEvent.click(screen.getByRole("button", { name: "清除分类" }));
  await waitFor(() => expect(router.state.location.search).toBe("?year=2026"));
});
