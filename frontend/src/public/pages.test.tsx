import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { receiptCode, statistics, units } from "../mocks/data";
import { problem } from "../mocks/handlers";
import { visitPublicCounty } from "../test/public";
import { currentAddress, expectAccessible, open } from "../test/render";
import { server } from "../test/setup";
import { axisFor } from "./statistics/MonthChart";

visitPublicCounty();

const school = units[1] as Schemas["PublicUnit"];

test("home: three ways to go, and four figures that each open something", async () => {
  open("/");
  const figure = await screen.findByRole("link", { name: /今年收到.*2431件/ });
  expect(figure).toHaveAttribute("href", "/statistics#months");
  expect(screen.getByRole("link", { name: /对答复满意91.6%/ })).toHaveAttribute("href", "/statistics#how");
  const ways = within(screen.getByRole("navigation", { name: "办事" })).getAllByRole("link");
  expect(ways.map((way) => way.getAttribute("href"))).toEqual(["/complain", "/follow", "/units"]);
  expect(document.title).toBe("首页 - 亮诺");
  await expectAccessible();
});

test("home: a search leads to the list, a receipt code to its case and not into the address", async () => {
  const user = userEvent.setup();
  const first = open("/");
  await user.type(await screen.findByRole("searchbox"), "柳湾{Enter}");
  expect(await screen.findByRole("link", { name: "清河县柳湾小学" })).toBeVisible();
  expect(decodeURIComponent(currentAddress())).toBe("/units?q=柳湾");
  first.unmount();
  open("/");
  await user.type(await screen.findByRole("searchbox"), `${receiptCode}{Enter}`);
  expect(await screen.findByRole("heading", { name: "食堂菜谱两周没有更新" })).toBeVisible();
  expect(currentAddress()).toBe("/follow");
});

test("home: where the server fails, the page says so and the ways stay open", async () => {
  server.use(http.get("*/api/v1/public/statistics/complaints", () => problem(500, "internal")));
  open("/");
  expect(await screen.findByRole("alert")).toHaveTextContent("我们这边出了问题");
  expect(screen.getByRole("alert")).toHaveTextContent("01JD0000");
  expect(screen.getByRole("link", { name: /投诉或建议/ })).toBeVisible();
  await expectAccessible();
});

test("units: typing narrows, kinds filter, and both stand in the address", async () => {
  const user = userEvent.setup();
  open("/units");
  expect(await screen.findByText("共10个单位")).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "幼儿园" }));
  expect(await screen.findByText("共2个单位")).toBeVisible();
  await user.type(screen.getByRole("searchbox"), "白塔");
  expect(await screen.findByText(/名称里有“白塔”的/)).toBeVisible();
  await waitFor(() => expect(decodeURIComponent(currentAddress())).toBe("/units?kind=kindergarten&q=白塔"));
  await expectAccessible();
});

test("units: the next page follows the cursor", async () => {
  const user = userEvent.setup();
  const asked: (string | null)[] = [];
  server.use(
    http.get("*/api/v1/public/units", ({ request }) => {
      const cursor = new URL(request.url).searchParams.get("cursor");
      asked.push(cursor);
      const unit = units[cursor ? 2 : 1] as Schemas["PublicUnit"];
      return HttpResponse.json<Schemas["PublicUnitPage"]>({
        items: [unit],
        next_cursor: cursor ? null : "next",
        total: 2,
        total_is_capped: false,
      });
    }),
  );
  open("/units");
  await user.click(await screen.findByRole("button", { name: "再看20个" }));
  expect(await screen.findByRole("link", { name: "清河县第一中学" })).toBeVisible();
  expect(screen.getByRole("link", { name: "清河县柳湾小学" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "再看20个" })).not.toBeInTheDocument();
  expect(asked).toEqual([null, "next"]);
});

test("units: nothing found teaches what to do", async () => {
  open("/units?q=%E6%B2%A1%E6%9C%89");
  expect(await screen.findByRole("heading", { name: /没有找到名称里有“没有”的单位/ })).toBeVisible();
  expect(screen.getByRole("link", { name: "不选单位，直接投诉" })).toHaveAttribute("href", "/complain");
  await expectAccessible();
});

test("a unit: how to reach it, its record, and complaining about it", async () => {
  open(`/units/${school.id}`);
  expect(await screen.findByRole("heading", { level: 1, name: "清河县柳湾小学" })).toBeVisible();
  expect(screen.getByRole("link", { name: "0000-5550123" })).toHaveAttribute("href", "tel:0000-5550123");
  expect(screen.getByRole("link", { name: "看地图" })).toHaveAttribute(
    "href",
    expect.stringContaining("keyword="),
  );
  expect(screen.getByText("37")).toBeVisible();
  expect(screen.getAllByRole("link", { name: "投诉或建议" })[0]).toHaveAttribute(
    "href",
    `/complain?unit=${school.id}`,
  );
  expect(document.title).toBe("清河县柳湾小学 - 亮诺");
  await expectAccessible();
});

test("a unit with few cases: no number, and no section without a source", async () => {
  open(`/units/${units[3]?.id}`);
  await screen.findByRole("heading", { level: 1 });
  expect(screen.getAllByText("不单列").length).toBeGreaterThan(0);
  expect(screen.queryByRole("heading", { name: "下属单位" })).not.toBeInTheDocument();
});

test("a unit with others below it lists them, narrowed by typing", async () => {
  const user = userEvent.setup();
  open(`/units/${units[0]?.id}`);
  expect(await screen.findByRole("link", { name: /清河县柳湾小学/ })).toBeVisible();
  await user.type(screen.getByRole("searchbox", { name: "在下属单位里找" }), "幼儿园");
  expect(await screen.findByRole("link", { name: /清河县白塔幼儿园/ })).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("link", { name: /清河县柳湾小学/ })).not.toBeInTheDocument());
  await expectAccessible();
});

test("a unit that is not there, and an address that is not there", async () => {
  const first = open("/units/018f0000-0000-7000-8000-999999999999");
  expect(await screen.findByRole("heading", { name: "没有这个页面" })).toBeVisible();
  first.unmount();
  open("/nowhere");
  expect(await screen.findByRole("heading", { name: "没有这个页面" })).toBeVisible();
  await expectAccessible();
});

test("statistics: every number of the chart stands in a table", async () => {
  open("/statistics");
  const chart = await screen.findByRole("img", { name: /每月收到和答复的件数/ });
  expect(chart).toBeVisible();
  const rows = within(screen.getByRole("region", { name: "每月收到和答复了多少件" })).getAllByRole("row", {
    hidden: true,
  });
  expect(rows).toHaveLength(statistics.by_month.length + 1);
  expect(rows[9]).toHaveTextContent("9月410338");
  expect(screen.getByRole("row", { name: /表扬.*不单列/ })).toBeVisible();
  const areas = within(screen.getByRole("region", { name: "涉及哪些方面" }));
  expect(areas.getByRole("row", { name: "学校食堂 612件" })).toBeVisible();
  expect(areas.getByRole("row", { name: "还没有分类的 214件" })).toBeVisible();
  expect(areas.getByText("不单列的：校车、宿舍")).toBeVisible();
  await expectAccessible();
});

test("statistics of a year without a case say so", async () => {
  server.use(
    http.get("*/api/v1/public/statistics/complaints", () =>
      HttpResponse.json<Schemas["PublicComplaintStatistics"]>({
        year: 2026,
        years: [2026],
        figures: { received: null, replied: null, median_days_to_reply: null, satisfied: null, rated: null },
        by_kind: [],
        by_category: [],
        by_month: [],
      }),
    ),
  );
  open("/statistics");
  expect(await screen.findByText(/还没有收到/)).toBeVisible();
  expect(screen.getAllByText("不单列")).toHaveLength(4);
});

test("the axis begins at zero and ends at a round number", () => {
  expect(axisFor(410)).toEqual({ end: 600, step: 200 });
  expect(axisFor(37)).toEqual({ end: 40, step: 10 });
  expect(axisFor(0)).toEqual({ end: 4, step: 1 });
});

test("large type and the language are kept for the next visit", async () => {
  const user = userEvent.setup();
  open("/help");
  await user.click(await screen.findByRole("button", { name: "大字" }));
  expect(document.documentElement.dataset.type).toBe("large");
  expect(localStorage.getItem("liangnuo.large-type")).toBe("1");
  await user.click(screen.getByRole("button", { name: "English" }));
  expect(await screen.findByRole("heading", { name: "Who can see your information" })).toBeVisible();
  expect(document.documentElement.lang).toBe("en");
  expect(localStorage.getItem("liangnuo.locale")).toBe("en");
  await expectAccessible();
});

test("English: names and dates follow the language", async () => {
  open("/", "en");
  expect(
    await screen.findByRole("heading", { level: 1, name: "Qinghe County Education Bureau" }),
  ).toBeVisible();
  expect(await screen.findByRole("link", { name: /Received this year.*2,431/ })).toBeVisible();
});

test("the skip link leads to the content", async () => {
  open("/help");
  expect(await screen.findByRole("link", { name: "跳到正文" })).toHaveAttribute("href", "#main");
  expect(screen.getByRole("main")).toHaveAttribute("id", "main");
});
