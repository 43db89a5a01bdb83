import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { server } from "../test/setup";
import { makeCase, members, people, unitRefs } from "./mocks/data";
import { settings } from "./mocks/rules";
import { openConsole } from "./test-kit";

const opened = makeCase(2);
const card: Schemas["ComplaintCard"] = {
  id: "00000000-0000-4000-8000-0000000000c1",
  kind: "yellow_card",
  state: "standing",
  complaint_id: opened.id,
  number: opened.number,
  title: opened.title,
  unit: unitRefs[3] as Schemas["UnitRef"],
  handler: people[2] as Schemas["MemberRef"],
  due_on: "2026-11-30",
  given_on: "2026-12-01",
  appeal_ends_on: "2026-12-08",
  proposal: null,
  appeal: null,
  decision: null,
  allowed_actions: ["appeal"],
  version: 1,
};

function withCards(cards: Schemas["ComplaintCard"][], asked: string[] = []) {
  server.use(
    http.get("*/api/v1/cards", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({
        items: cards,
        next_cursor: null,
        total: cards.length,
        total_is_capped: false,
      });
    }),
    http.get("*/api/v1/cards/by-unit", () =>
      HttpResponse.json({
        items: [{ unit: card.unit, yellow_cards: 3, red_cards: 0, circular_notices: 1 }],
      }),
    ),
  );
}

test("each number of a unit opens the list that it counts", async () => {
  const asked: string[] = [];
  const { router } = await openConsole("/units");
  withCards([card], asked);
  await router.navigate("/cards");
  expect(await screen.findByRole("link", { name: card.title })).toBeVisible();
  const count = await screen.findByRole("link", { name: /^3 黄牌/ });
  await userEvent.click(count);
  const { search } = router.state.location;
  expect(search).toBe(`?unit_id=${card.unit.id}&unit_only=true&kind=yellow_card`);
  await waitFor(() => expect(asked.at(-1)).toContain(`unit_id=${card.unit.id}`));
  expect(asked.at(-1)).toContain("kind=yellow_card");
  await userEvent.click(screen.getByRole("button", { name: "清除条件" }));
  expect(router.state.location.search).toBe("");
});

test("a card is appealed with a reason and in its version", async () => {
  const sent: unknown[] = [];
  const { router } = await openConsole("/units");
  withCards([card]);
  server.use(
    http.post("*/api/v1/cards/:id/appeal", async ({ request }) => {
      sent.push(request.headers.get("If-Match"), await request.json());
      return HttpResponse.json({ ...card, state: "appealed", version: 2 });
    }),
  );
  await router.navigate("/cards");
  await userEvent.click(await screen.findByRole("button", { name: /^申诉 黄牌/ }));
  const dialog = screen.getByRole("dialog");
  const go = dialog.querySelector(".ant-btn-primary") as HTMLElement;
  expect(go).toBeDisabled();
  await userEvent.type(within(dialog).getByLabelText("为什么不该给"), "当天停电");
  await userEvent.click(go);
  await waitFor(() => expect(sent).toEqual(['"v1"', { reason: "当天停电" }]));
});

test("a county without cards says what they are for", async () => {
  await openConsole("/cards");
  expect(await screen.findByText("还没有黄牌红牌")).toBeVisible();
});

test("an alarm stands on every page until its case is opened", async () => {
  let isRead = false;
  const alarm = {
    id: "00000000-0000-4000-8000-000000000009",
    kind: "emergency",
    complaint_id: opened.id,
    number: opened.number,
    title: opened.title,
    at: "2026-11-23T01:00:00Z",
    is_read: false,
    others: 0,
  };
  const unread = () => HttpResponse.json(isRead ? { unread: 0, alarm: null } : { unread: 1, alarm });
  const { router } = await openConsole("/units");
  server.use(
    http.get("*/api/v1/me/notices/unread", unread),
    http.post("*/api/v1/me/notices/read", () => {
      isRead = true;
      return unread();
    }),
  );
  await router.navigate("/notices");
  globalThis.dispatchEvent(new Event("visibilitychange"));
  const banner = await screen.findByRole("alert");
  expect(banner).toHaveTextContent("紧急：有人可能有危险");
  await waitFor(() => expect(document.title).toMatch(/^【紧急】/));
  await userEvent.click(within(banner).getByRole("link", { name: "马上打开" }));
  expect(router.state.location.pathname).toBe(`/complaints/${opened.id}`);
  await waitFor(() => expect(screen.queryByText("紧急：有人可能有危险")).not.toBeInTheDocument());
});

test("whoever is put on duty is sent with their days", async () => {
  const sent: unknown[] = [];
  await openConsole("/settings");
  server.use(
    http.patch("*/api/v1/settings", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...settings, version: 4 });
    }),
  );
  const name = members[1]?.name ?? "";
  await userEvent.type(await screen.findByLabelText("添加值班人员"), name);
  await userEvent.click(await screen.findByRole("button", { name: new RegExp(`^${name} ·`) }));
  await userEvent.type(screen.getByLabelText(`${name}从哪天起`), "2026-12-01");
  await userEvent.click(screen.getByRole("button", { name: "保存1项修改" }));
  await waitFor(() => expect(sent).toEqual([{ duty: [{ member_id: members[1]?.id, from: "2026-12-01" }] }]));
});
