import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server } from "../test/setup";
import { noticeWords } from "./notices/words";
import { openConsole } from "./test-kit";

const notice = {
  id: "00000000-0000-4000-8000-000000000001",
  kind: "yellow_card",
  complaint_id: "00000000-0000-4000-8000-000000000002",
  number: "2026-000123-K",
  title: "食堂饭菜偏凉",
  at: "2026-11-23T01:00:00Z",
  is_read: false,
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
      return HttpResponse.json({ unread: 0 });
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
  await waitFor(() => expect(read[1]).toEqual({ until: notice.at, complaint_id: notice.complaint_id }));
});

test("each kind has words in both languages", async () => {
  const { i18n } = await import("@lingui/core");
  await openConsole("/units", { locale: "en" });
  for (const { label } of Object.values(noticeWords)) expect(i18n._(label)).not.toMatch(/[\u4e00-\u9fff]/);
});
