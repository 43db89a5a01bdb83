import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Schemas } from "../api/client";
import { server } from "../test/setup";
import { makeCase, people } from "./mocks/data";
import { openConsole } from "./test-kit";

/** Every second one of the mocks' cases has contact data. */
const named = makeCase(3);
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

const opening: Schemas["IdentityOpening"] = {
  id: "00000000-0000-4000-8000-0000000000d1",
  state: "waiting",
  complaint_id: named.id,
  number: named.number,
  title: named.title,
  category: "danger",
  reason: "孩子没有回家，需要马上联系",
  asked_by: people[2] as Schemas["MemberRef"],
  is_own: true,
  asked_at: "2026-11-23T01:00:00Z",
  ends_at: "2026-11-30T15:59:59Z",
  answer: null,
  open_until: null,
  first_read_at: null,
  readings_left: 10,
  allowed_actions: ["withdraw"],
  version: 1,
};

function withOpenings(openings: Schemas["IdentityOpening"][]) {
  server.use(
    http.get("*/api/v1/identity-openings", ({ request }) => {
      const waiting = new URL(request.url).searchParams.get("is_waiting");
      const items = openings.filter(
        ({ state }) => waiting === null || String(state === "waiting") === waiting,
      );
      return HttpResponse.json({ items, next_cursor: null, total: null, total_is_capped: false });
    }),
  );
}

const card = async () => within(await screen.findByRole("region", { name: "投诉人身份" }));

test("an inspector asks with a category and a reason, and sees that it waits", async () => {
  let sent: unknown;
  await openConsole(`/complaints/${named.id}`, { login: "inspector" });
  server.use(
    http.post("*/api/v1/identity-openings", async ({ request }) => {
      sent = await request.json();
      withOpenings([opening]);
      return HttpResponse.json(opening, { status: 201 });
    }),
  );
  const identity = await card();
  await userEvent.click(await identity.findByRole("button", { name: "申请查看" }));
  const dialog = within(await screen.findByRole("dialog"));
  const go = dialog.getByRole("button", { name: "提交申请" });
  expect(go).toBeDisabled();
  await userEvent.selectOptions(dialog.getByLabelText("原因"), "danger");
  await userEvent.type(dialog.getByLabelText("为什么"), opening.reason);
  await userEvent.click(go);
  expect(await identity.findByText("等第二个人答复")).toBeVisible();
  expect(sent).toEqual({ complaint_id: named.id, category: "danger", reason: opening.reason });
  expect(identity.queryByRole("button", { name: "申请查看" })).toBeNull();
  expect(identity.getByRole("button", { name: "撤回申请" })).toBeVisible();
});

test("contact data are shown by a press, hidden again, and in no cache", async () => {
  const reads: (string | null)[] = [];
  await openConsole(`/complaints/${named.id}`, { login: "inspector" });
  withOpenings([
    { ...opening, state: "approved", open_until: inAnHour(), allowed_actions: ["read"], version: 2 },
  ]);
  server.use(
    http.post("*/api/v1/identity-openings/:id/read", ({ request }) => {
      reads.push(request.headers.get("If-Match"));
      return HttpResponse.json({ name: "金丝雀", phone: "19900007777", email: null, open_until: inAnHour() });
    }),
  );
  const identity = await card();
  await userEvent.click(await identity.findByRole("button", { name: "查看联系方式" }));
  expect(await identity.findByText("19900007777")).toBeVisible();
  expect(identity.getByText("没有留")).toBeVisible();
  expect(reads).toEqual(['"v2"']);
  expect(identity.getByRole("button", { name: "复制电话" })).toBeVisible();
  // Not on paper.
  expect(identity.getByText("19900007777").closest(".noprint")).not.toBeNull();
  await userEvent.click(identity.getByRole("button", { name: "收起" }));
  expect(screen.queryByText("19900007777")).toBeNull();
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("19900007777");
});

test("the second person finds what waits for them first, and answers with a reason", async () => {
  let said: unknown;
  const forMe = {
    ...opening,
    id: "00000000-0000-4000-8000-0000000000d2",
    title: "等我答复的",
    is_own: false,
    allowed_actions: ["approve" as const, "refuse" as const],
  };
  const refused = { ...opening, id: "00000000-0000-4000-8000-0000000000d3", state: "refused" as const };
  const { router } = await openConsole("/units", { login: "inspector" });
  withOpenings([opening, forMe, { ...refused, allowed_actions: [] }]);
  server.use(
    http.post("*/api/v1/identity-openings/:id/approve", async ({ request }) => {
      said = await request.json();
      return HttpResponse.json({ ...forMe, state: "approved" });
    }),
  );
  await router.navigate("/identity-openings");
  const waiting = within(await screen.findByRole("region", { name: "等答复的" }));
  expect(waiting.getAllByRole("listitem")[0]).toHaveTextContent("等我答复的");
  expect(await screen.findByRole("region", { name: "有了结果的" })).toHaveTextContent("不同意");
  await userEvent.click(waiting.getByRole("button", { name: `同意查看 ${forMe.number}` }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByLabelText("理由"), "情况紧急");
  await userEvent.click(dialog.getByRole("button", { name: "同意查看" }));
  await waitFor(() => expect(said).toEqual({ reason: "情况紧急" }));
});

test("nobody else sees the card, and an empty list says what it is for", async () => {
  await openConsole(`/complaints/${named.id}`, { login: "handler" });
  await screen.findByRole("heading", { level: 1 });
  expect(screen.queryByRole("region", { name: "投诉人身份" })).toBeNull();
});

test("an empty list says what it is for", async () => {
  const { router } = await openConsole("/units", { login: "inspector" });
  await router.navigate("/identity-openings");
  expect(await screen.findByText("还没有人申请")).toBeVisible();
});
