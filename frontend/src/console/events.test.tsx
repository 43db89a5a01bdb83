import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, test, vi } from "vitest";
import openapi from "../../../openapi/openapi.json";
import { server } from "../test/setup";
import { logLink, readLogFilters, writeLogFilters } from "./events/filters";
import { actionsOf, actionWords, actorWords, faultWords, subjectWords, valueWords } from "./events/words";
import { fact, log, makeEvent, seal, verified } from "./mocks/events";
import { problem } from "./mocks/handlers";
import { openConsole } from "./test-kit";

const schemas = openapi.components.schemas;

describe("words", () => {
  test("everything that the server logs has words, in its own order", () => {
    expect(Object.keys(actionWords)).toEqual(schemas.EventAction.enum);
    expect(Object.keys(subjectWords).sort()).toEqual([...schemas.EventSubjectKind.enum].sort());
    expect(Object.keys(actorWords).sort()).toEqual([...schemas.EventActorKind.enum].sort());
    expect(Object.keys(faultWords)).toEqual(schemas.LogFaultKind.enum);
    const ofKinds = schemas.EventSubjectKind.enum.flatMap((kind) => actionsOf(kind as never));
    expect(ofKinds.sort()).toEqual([...schemas.EventAction.enum].sort());
  });

  test("codes that stand as values have words", () => {
    expect(Object.keys(valueWords.state ?? {})).toEqual(
      expect.arrayContaining([...schemas.ComplaintState.enum, "succeeded", "finished", "failed"]),
    );
    expect(Object.keys(valueWords.role ?? {})).toEqual(expect.arrayContaining(schemas.RoleCode.enum));
    expect(Object.keys(valueWords.clock ?? {}).sort()).toEqual([...schemas.ComplaintClock.enum].sort());
    const lists = [openapi.paths["/api/v1/complaints"].get, openapi.paths["/api/v1/events"].get];
    const filters = [...new Set(lists.flatMap(({ parameters }) => parameters.map(({ name }) => name)))];
    const page = ["sort", "limit", "cursor", "count"];
    expect(Object.keys(valueWords.filters ?? {}).sort()).toEqual(
      filters.filter((name) => !page.includes(name)).sort(),
    );
  });
});

test("filters are written as they are read", () => {
  const filters = { q: "周敏", action: ["complaints.read", "exports.made"], from: "2026-11-01" };
  expect(readLogFilters(writeLogFilters(filters))).toEqual(filters);
  expect(logLink(filters)).toContain("action=complaints.read,exports.made");
  expect(logLink({ action: [], q: "" })).toBe("/events");
});

const rows = async () => {
  const table = await screen.findByRole("table");
  return within(table).getAllByRole("row").slice(1);
};

test("an auditor finds who changed a setting, and what it was before", async () => {
  const { router } = await openConsole("/", { login: "auditor" });
  // Who has no cases lands on the log.
  expect(await screen.findByRole("heading", { level: 1, name: "事件日志" })).toBeVisible();
  expect(router.state.location.pathname).toBe("/events");
  await router.navigate("/events?action=settings.changed");
  await waitFor(async () => expect((await rows()).length).toBe(4));
  const [first] = await rows();
  expect(within(first as HTMLElement).getByText("等投诉人补充，累计最多")).toBeVisible();
  await userEvent.click(within(first as HTMLElement).getByRole("link", { name: "修改设置" }));
  const dialog = await screen.findByRole("dialog", { name: "修改设置" });
  expect(within(dialog).getByText("10")).toBeVisible();
  expect(within(dialog).getByText("7")).toBeVisible();
  expect(within(dialog).getByRole("link", { name: "全县的设置" })).toHaveAttribute("href", "/settings");
  expect(router.state.location.search).toContain("event=");
});

test("an auditor is shown no number and no way to a case", async () => {
  await openConsole("/events?subject_kind=complaints", { login: "auditor" });
  const [first] = await rows();
  expect(within(first as HTMLElement).getByText(/^办件 00000002$/)).toBeVisible();
  expect(screen.queryByText(/2026-\d{6}-K/)).toBeNull();
  expect(screen.getByRole("searchbox", { name: "在日志里找" })).toHaveAttribute("placeholder", "姓名全名");
});

test("an inspector finds who read a case, and goes on from there", async () => {
  const { router } = await openConsole("/events", { login: "inspector" });
  await rows();
  await userEvent.type(screen.getByRole("searchbox", { name: "在日志里找" }), "2026-000101-K{Enter}");
  await waitFor(async () => expect((await rows()).length).toBe(1));
  expect(router.state.location.search).toBe("?q=2026-000101-K");
  const [only] = await rows();
  expect(within(only as HTMLElement).getByRole("link", { name: "2026-000101-K" })).toHaveAttribute(
    "href",
    `/complaints/${log[1]?.subject.id}`,
  );
  await userEvent.click(within(only as HTMLElement).getByRole("link", { name: "查阅办件" }));
  const dialog = await screen.findByRole("dialog", { name: "查阅办件" });
  await userEvent.click(within(dialog).getByRole("link", { name: "只看这个人做的" }));
  await waitFor(() => expect(router.state.location.search).toBe(`?actor_id=${log[1]?.by?.id}`));
  expect(await screen.findByRole("button", { name: /^谁/ })).toHaveTextContent(log[1]?.by?.name ?? "");
});

test("keys move through the rows, open one, follow it and close it", async () => {
  const { router } = await openConsole("/events", { login: "inspector" });
  await rows();
  const opened = () => new URLSearchParams(router.state.location.search).get("event");
  await userEvent.keyboard("jj");
  expect(opened()).toBeNull();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(opened()).toBe(log[1]?.id));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(opened()).toBeNull());
});

describe("when an event closes, the focus goes back to its row", () => {
  afterEach(() => vi.unstubAllGlobals());

  const rowLink = async (nth: number) =>
    within((await rows())[nth] as HTMLElement).getAllByRole("link")[0] as HTMLElement;

  test("over the list", async () => {
    await openConsole("/events", { login: "inspector" });
    await userEvent.click(await rowLink(2));
    const dialog = await screen.findByRole("dialog");
    await userEvent.click(within(dialog).getByRole("button", { name: /close|关闭/i }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await rowLink(2)).toHaveFocus();
  });

  test("beside it, wherever the keys have gone meanwhile", async () => {
    const { router } = await openConsole("/events", { login: "inspector" });
    await rows();
    const narrow = globalThis.matchMedia;
    vi.stubGlobal("matchMedia", (query: string) => ({
      ...narrow(query),
      matches: query.startsWith("(min-width"),
    }));
    await userEvent.keyboard("j{Enter}");
    const panel = await screen.findByRole("complementary", { name: "事件详情" });
    await userEvent.keyboard("j");
    await waitFor(() => expect(router.state.location.search).toContain(log[1]?.id));
    await userEvent.click(within(panel).getByRole("button", { name: "关闭" }));
    await waitFor(async () => expect(await rowLink(1)).toHaveFocus());
  });

  test("unless it has gone elsewhere", async () => {
    const { router } = await openConsole("/events", { login: "inspector" });
    await userEvent.click(await rowLink(2));
    await screen.findByRole("dialog");
    const search = screen.getByRole("searchbox", { name: "在日志里找", hidden: true });
    search.focus();
    await router.navigate("/events", { replace: true });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(search).toHaveFocus();
  });
});

test("pages go on and back, and keep the filters", async () => {
  const { router } = await openConsole("/events?actor_kind=member", { login: "inspector" });
  await rows();
  const members = log.filter(({ by_kind }) => by_kind === "member").length;
  expect(screen.getByText(`第1–20条，共${members}条`)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "下一页" }));
  expect(await screen.findByText(`第21–${members}条，共${members}条`)).toBeVisible();
  expect(router.state.location.search).toBe("?actor_kind=member&cursor=20");
  await userEvent.click(screen.getByRole("button", { name: "上一页" }));
  expect(await screen.findByText(`第1–20条，共${members}条`)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "时间" }));
  await waitFor(() => expect(router.state.location.search).toBe("?actor_kind=member&sort=at"));
});

test("of what the public did the day stands there, and why", async () => {
  const filed = log.find(({ by_kind }) => by_kind === "complainant");
  await openConsole(`/events?actor_kind=complainant&event=${filed?.id}`, { login: "inspector" });
  const dialog = await screen.findByRole("dialog", { name: "提交诉求" });
  expect(within(dialog).getByText("公众做的事只记日期，不记几点，也不按先后排列。")).toBeVisible();
  expect(within(dialog).queryByText(/\d:\d\d/)).toBeNull();
});

test("an address with an event that is not in the list fetches it; one that is hidden says so", async () => {
  const last = log.at(-1);
  const { router } = await openConsole(`/events?event=${last?.id}`, { login: "inspector" });
  expect(
    await within(await screen.findByRole("dialog")).findByText(last?.subject.number ?? ""),
  ).toBeVisible();
  await router.navigate("/events?event=00000009-0000-4000-8000-999999999999");
  expect(await within(await screen.findByRole("dialog")).findByText(/找不到/)).toBeVisible();
});

test("every kind of fact has its words", async () => {
  const [one, two] = [makeEvent(1).by, makeEvent(2).by];
  const event = makeEvent(0, {
    action: "complaints.assigned",
    acting_for: two,
    facts: [
      fact("unit", { unit: makeEvent(0).unit }),
      fact("handler", { member: one }),
      fact("note", { value: "请三日内答复" }),
      fact("objection_upheld", { value: "true" }),
      fact("due_on", { before: "2026-11-20", value: "2026-11-27" }),
      fact("into", { complaint: { id: "00000002-0000-4000-8000-000000000077", number: "2026-000177-K" } }),
      fact("fields", { value: "head" }),
      fact("fields", { value: "hotline" }),
      fact("something_new", { value: "its value" }),
    ],
  });
  const { router } = await openConsole("/units", { login: "inspector" });
  const page = { items: [event], next_cursor: null, total: 1, total_is_capped: false };
  server.use(http.get("*/api/v1/events", () => HttpResponse.json(page)));
  await router.navigate(`/events?event=${event.id}`);
  const dialog = await screen.findByRole("dialog");
  for (const words of [
    "请三日内答复",
    "是",
    "负责人、公开电话",
    "its value",
    one?.name ?? "",
    two?.name ?? "",
  ]) {
    expect((await within(dialog).findAllByText(words))[0]).toBeVisible();
  }
  expect(within(dialog).getByText(/11月20日/)).toBeVisible();
  expect(within(dialog).getByText(/11月27日/)).toBeVisible();
  expect(within(dialog).getByRole("link", { name: "2026-000177-K" })).toBeVisible();
});

test("nothing found, nothing there and a failure are each said", async () => {
  const { router } = await openConsole("/events?q=nobody", { login: "inspector" });
  expect(await screen.findByText("没有符合这些条件的事件")).toBeVisible();
  const empty = { items: [], next_cursor: null, total: 0, total_is_capped: false };
  server.use(http.get("*/api/v1/events", () => HttpResponse.json(empty)));
  await userEvent.click(screen.getByRole("link", { name: "看全部日志" }));
  expect(await screen.findByText("还没有事件")).toBeVisible();
  server.use(http.get("*/api/v1/events", () => problem(503, "busy", { detail: "请稍候再试。" })));
  await router.navigate("/events?from=2026-11-01");
  expect(await screen.findByRole("alert")).toHaveTextContent("服务器正忙");
});

test("those who have no part in the log get no page of it", async () => {
  await openConsole("/events", { login: "office" });
  expect(await screen.findByText("您看不到这一页")).toBeVisible();
  expect(screen.queryByRole("link", { name: "事件日志" })).toBeNull();
});

test("in English, too", async () => {
  await openConsole("/events?action=complaints.read", { login: "inspector", locale: "en" });
  const [first] = await rows();
  expect(within(first as HTMLElement).getByRole("link", { name: "Read the case" })).toBeVisible();
});

describe("the log as a file", () => {
  test("is what the page is narrowed down to, in its order", async () => {
    const asked: string[] = [];
    await openConsole("/events?action=complaints.read,exports.made&from=2026-11-01&sort=at", {
      login: "auditor",
    });
    server.use(
      http.get("*/api/v1/events/export", ({ request }) => {
        asked.push(new URL(request.url).search);
        return new HttpResponse("");
      }),
    );
    globalThis.URL.createObjectURL = () => "blob:log";
    globalThis.URL.revokeObjectURL = () => undefined;
    await userEvent.click(await screen.findByRole("button", { name: "导出日志" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: /GB 18030/ }));
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(Object.fromEntries(new URLSearchParams(asked[0]))).toEqual({
      action: "complaints.read,exports.made",
      from: "2026-11-01",
      sort: "at",
      format: "csv-gb18030",
    });
    expect(await screen.findByText("已导出，在浏览器的下载里")).toBeVisible();
  });

  test("says when it can't be had now, and can be had while the seal can't be read", async () => {
    const { router } = await openConsole("/units", { login: "inspector" });
    server.use(
      http.get("*/api/v1/log", () => problem(500, "internal")),
      http.get("*/api/v1/events/export", () => problem(503, "busy")),
    );
    await router.navigate("/events");
    await userEvent.click(await screen.findByRole("button", { name: "导出日志" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Excel 工作簿" }));
    expect((await screen.findAllByText(/服务器正忙/))[0]).toBeVisible();
  });
});

describe("the seal", () => {
  const card = () => screen.findByRole("region", { name: "日志核验" });

  test("says that the log is whole, and has it verified again", async () => {
    await openConsole("/events", { login: "auditor" });
    const sealed = await card();
    expect(within(sealed).getByText(/最近的检查点/)).toBeVisible();
    expect(within(sealed).getByRole("status")).toHaveTextContent("日志完好");
    expect(within(sealed).getByRole("button", { name: "下载检查点" })).toBeEnabled();
    await userEvent.click(within(sealed).getByRole("button", { name: "核验日志" }));
    expect(await within(sealed).findByText("核验正在排队，可以离开这一页")).toBeVisible();
    expect(within(sealed).getByRole("button", { name: "核验日志" })).toBeDisabled();
  });

  test("says what is wrong, by kind and number", async () => {
    const { router } = await openConsole("/units", { login: "inspector" });
    const faults = [
      { kind: "event_changed", count: 2 },
      { kind: "tree", count: 1 },
    ];
    const verification = { ...verified, is_whole: false, faults };
    server.use(http.get("*/api/v1/log", () => HttpResponse.json({ ...seal, verification })));
    await router.navigate("/events");
    const alarm = await within(await card()).findByRole("alert");
    expect(
      within(alarm)
        .getAllByRole("listitem")
        .map((item) => item.textContent),
    ).toEqual(["事件被改过 × 2", "散列树不符 × 1"]);
  });

  test("begins without a checkpoint", async () => {
    const { router } = await openConsole("/units", { login: "inspector" });
    server.use(http.get("*/api/v1/log", () => HttpResponse.json({ checkpoint: null, verification: null })));
    await router.navigate("/events");
    expect(within(await card()).getByText(/还没有检查点/)).toBeVisible();
    expect(within(await card()).queryByRole("button", { name: "下载检查点" })).toBeNull();
  });
});
