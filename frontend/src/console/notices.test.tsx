import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server } from "../test/setup";
import { makeCase } from "./mocks/data";
import { noticeWords } from "./notices/words";
import { openConsole } from "./test-kit";

// It exists in the server in memory, so that it can be opened.
const opened = makeCase(2);
const notice = {
  id: "00000000-0000-4000-8000-000000000001",
  kind: "yellow_card",
  complaint_id: opened.id,
  number: "2026-000123-K",
  title: "饭菜的提醒",
  at: "2026-11-23T01:00:00Z",
  is_read: false,
  others: 0,
};

test("the bell counts what waits, and the list marks as read up to the newest that was seen", async () => {
  const read: unknown[] = [];
  const asked: string[] = [];
  const handlers = [
    http.get("*/api/v1/me/notices/unread", () => HttpResponse.json({ unread: 3 - read.length })),
    http.get("*/api/v1/me/notices", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [notice], next_cursor: null });
    }),
    http.post("*/api/v1/me/notices/read", async ({ request }) => {
      read.push(await request.json());
      return HttpResponse.json({ unread: 3 - read.length });
    }),
  ];
  const { router } = await openConsole("/units");
  server.use(...handlers);
  await router.navigate("/notices");
  expect(await screen.findByText("黄牌：已超期")).toBeVisible();
  expect(asked).toEqual(["?limit=50"]);
  await userEvent.click(screen.getByRole("button", { name: "全部标为已读" }));
  await waitFor(() => expect(read).toEqual([{ until: notice.at }]));
  expect((await screen.findAllByRole("link", { name: "提醒，2条未读" }))[0]).toBeVisible();
  await userEvent.click(screen.getByRole("link", { name: notice.title }));
  await waitFor(() => expect(read[1]).toEqual({ complaint_id: notice.complaint_id }));
});

const older = {
  ...notice,
  id: "00000000-0000-4000-8000-000000000003",
  kind: "due_soon",
  at: "2026-11-20T01:00:00Z",
};

test("opening a case from an older notice marks all of its notices", async () => {
  const read: unknown[] = [];
  const handlers = [
    http.get("*/api/v1/me/notices", () => HttpResponse.json({ items: [notice, older], next_cursor: null })),
    http.post("*/api/v1/me/notices/read", async ({ request }) => {
      read.push(await request.json());
      return HttpResponse.json({ unread: 0 });
    }),
  ];
  const { router } = await openConsole("/units");
  server.use(...handlers);
  await router.navigate("/notices");
  await screen.findByText("快到期");
  await userEvent.click(screen.getAllByRole("link", { name: notice.title })[1] as HTMLElement);
  await waitFor(() => expect(read).toEqual([{ complaint_id: notice.complaint_id }]));
  expect(router.state.location.pathname).toBe(`/complaints/${notice.complaint_id}`);
});

test("a case that is opened from the queue is read, too, and once", async () => {
  const read: unknown[] = [];
  const { router } = await openConsole("/units");
  server.use(
    http.get("*/api/v1/me/notices/unread", () => HttpResponse.json({ unread: 2 })),
    http.post("*/api/v1/me/notices/read", async ({ request }) => {
      read.push(await request.json());
      return HttpResponse.json({ unread: 1 });
    }),
  );
  await router.navigate(`/complaints/${opened.id}`);
  await screen.findByRole("heading", { level: 1, name: opened.title });
  expect((await screen.findAllByRole("link", { name: "提醒，1条未读" }))[0]).toBeVisible();
  expect(read).toEqual([{ complaint_id: opened.id }]);
});

test("only the unread ones are asked for", async () => {
  const asked: string[] = [];
  const { router } = await openConsole("/units");
  server.use(
    http.get("*/api/v1/me/notices", ({ request }) => {
      const { search, searchParams } = new URL(request.url);
      asked.push(search);
      const items = searchParams.has("unread") ? [notice] : [notice, { ...older, is_read: true }];
      return HttpResponse.json({ items, next_cursor: null });
    }),
  );
  await router.navigate("/notices");
  expect(await screen.findByText("快到期")).toBeVisible();
  expect(screen.getAllByText("未读")).toHaveLength(1);
  await userEvent.click(screen.getByRole("checkbox", { name: "只看未读" }));
  await waitFor(() => expect(screen.queryByText("快到期")).not.toBeInTheDocument());
  expect(asked.at(-1)).toContain("unread=true");
});

test("my work begins with what is not read yet, and leads to the rest", async () => {
  const read: unknown[] = [];
  const asked: string[] = [];
  const handlers = [
    http.get("*/api/v1/me/notices/unread", () => HttpResponse.json({ unread: 9 })),
    http.get("*/api/v1/me/notices", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [notice], next_cursor: "more" });
    }),
    http.post("*/api/v1/me/notices/read", async ({ request }) => {
      read.push(await request.json());
      return HttpResponse.json({ unread: 8 });
    }),
  ];
  const { router } = await openConsole("/units");
  server.use(...handlers);
  await router.navigate("/");
  const section = within(await screen.findByRole("region", { name: "提醒" }));
  const main = within(screen.getByRole("main"));
  await main.findByRole("heading", { level: 2, name: "已超期" });
  expect(main.getAllByRole("heading", { level: 2 })[0]).toHaveTextContent("提醒");
  expect(asked[0]).toContain("unread=true");
  expect(await section.findByRole("link", { name: "看全部9条提醒" })).toHaveAttribute("href", "/notices");
  await userEvent.click(section.getByRole("link", { name: notice.title }));
  await waitFor(() => expect(read).toEqual([{ complaint_id: notice.complaint_id }]));
});

test("the bell asks again when the page is looked at again", async () => {
  let unread = 1;
  const { router } = await openConsole("/units");
  server.use(http.get("*/api/v1/me/notices/unread", () => HttpResponse.json({ unread })));
  await router.navigate("/notices");
  globalThis.dispatchEvent(new Event("visibilitychange"));
  expect((await screen.findAllByRole("link", { name: "提醒，1条未读" }))[0]).toBeVisible();
  unread = 4;
  globalThis.dispatchEvent(new Event("visibilitychange"));
  expect((await screen.findAllByRole("link", { name: "提醒，4条未读" }))[0]).toBeVisible();
});

test("each kind has words in both languages", async () => {
  const { i18n } = await import("@lingui/core");
  await openConsole("/units", { locale: "en" });
  for (const { label } of Object.values(noticeWords)) expect(i18n._(label)).not.toMatch(/[\u4e00-\u9fff]/);
});
