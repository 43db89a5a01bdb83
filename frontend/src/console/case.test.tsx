import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, http } from "msw";
import { expect, test } from "vitest";
import { server } from "../test/setup";
import { makeCase } from "./mocks/data";
import { problem } from "./mocks/handlers";
import { openConsole } from "./test-kit";

const IN_HAND = makeCase(3);
const TO_APPROVE = makeCase(5);
const NEW = makeCase(0);
const at = (one: { id: string }) => `/complaints/${one.id}`;

test("a reply needs its four parts before it can be handed in, and the preview follows", async () => {
  const { state } = await openConsole(at(IN_HAND));
  const basis = await screen.findByRole("textbox", { name: /^依据/ });
  const handIn = screen.getByRole("button", { name: "送审" });
  expect(handIn).toBeDisabled();
  await userEvent.type(basis, "供餐合同第7条");
  expect(screen.getAllByText("供餐合同第7条").length).toBeGreaterThan(1);
  await userEvent.click(handIn);
  await waitFor(() => expect(state.cases[3]?.state).toBe("reply_drafted"));
  expect(localStorage.getItem(`liangnuo.draft.${IN_HAND.id}`)).toBeNull();
});

test("what is typed survives closing the tab", async () => {
  const { unmount } = await openConsole(at(IN_HAND));
  await userEvent.type(await screen.findByRole("textbox", { name: /^依据/ }), "承诺书第4项");
  unmount();
  await openConsole(at(IN_HAND));
  expect(await screen.findByRole("textbox", { name: /^依据/ })).toHaveValue("承诺书第4项");
  expect(screen.getByText(/已存在这台设备上/)).toBeInTheDocument();
});

test("when somebody else saved first, both texts stand side by side and mine is kept", async () => {
  const { state } = await openConsole(at(IN_HAND));
  const mine = await screen.findByRole("textbox", { name: /^我们的处理/ });
  await userEvent.clear(mine);
  await userEvent.type(mine, "先送四年级");
  await userEvent.type(screen.getByRole("textbox", { name: /^依据/ }), "合同第7条");
  const theirs = state.cases[3];
  if (!theirs?.draft) throw new Error("the case has a draft");
  state.cases[3] = { ...theirs, version: 12, draft: { ...theirs.draft, decision: "按楼层从高到低送" } };

  await userEvent.click(screen.getByRole("button", { name: "存草稿" }));
  expect(await screen.findByText("您写的时候，别人改了这一件。")).toBeInTheDocument();
  expect(screen.getByText("有1处两人都改了，请您选")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "存草稿" })).toBeDisabled();
  expect(state.cases[3]?.version).toBe(12);

  await userEvent.click(screen.getByRole("radio", { name: "用别人写的" }));
  await userEvent.click(screen.getByRole("button", { name: "合在一起，接着写" }));
  expect(screen.getByRole("textbox", { name: /^我们的处理/ })).toHaveValue("按楼层从高到低送");
  expect(screen.getByRole("textbox", { name: /^依据/ })).toHaveValue("合同第7条");
  expect(state.cases[3]?.version).toBe(12);

  await userEvent.click(screen.getByRole("button", { name: "存草稿" }));
  await waitFor(() => expect(state.cases[3]?.draft?.basis).toBe("合同第7条"));
});

test("a step on a case that changed meanwhile is not done, and what is new is said", async () => {
  const { state } = await openConsole(at(NEW));
  const accept = await screen.findByRole("button", { name: "受理" });
  state.cases[0] = { ...(state.cases[0] as typeof NEW), version: 12 };
  await userEvent.click(accept);
  expect(await screen.findByText("您看的时候，别人改了这一件，“受理”没有做。")).toBeInTheDocument();
  expect(state.cases[0]?.state).toBe("received");
  await userEvent.click(screen.getByRole("button", { name: "受理" }));
  await waitFor(() => expect(state.cases[0]?.state).toBe("accepted"));
});

test("approving asks once, because what has been sent can't be called back", async () => {
  const { state } = await openConsole(at(TO_APPROVE));
  await userEvent.click(await screen.findByRole("button", { name: "批准答复" }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText("投诉人马上看得到，发出后不能收回")).toBeInTheDocument();
  expect(state.cases[5]?.state).toBe("reply_drafted");
  await userEvent.click(within(dialog).getByRole("button", { name: "批准并发出" }));
  await waitFor(() => expect(state.cases[5]?.state).toBe("replied"));
});

test("not accepting needs a reason and names its consequence; a refusal keeps the text", async () => {
  await openConsole(at(NEW));
  await userEvent.click(await screen.findByRole("button", { name: "不予受理" }));
  const dialog = await screen.findByRole("dialog");
  const confirm = within(dialog).getByRole("button", { name: "不予受理" });
  expect(confirm).toBeDisabled();
  expect(dialog).toHaveTextContent("这一件就此结束，不能再受理");
  await userEvent.type(within(dialog).getByRole("textbox", { name: "为什么不受理" }), "不属教育局管");
  server.use(http.post("*/not-accept", () => problem(503, "busy")));
  await userEvent.click(confirm);
  expect(await within(dialog).findByText("服务器正忙")).toBeInTheDocument();
  expect(within(dialog).getByRole("textbox", { name: "为什么不受理" })).toHaveValue("不属教育局管");
});

test("a message pressed twice is sent once, and again only with the same key", async () => {
  const keys: (string | null)[] = [];
  const { state } = await openConsole(at(NEW));
  server.use(
    http.post("*/message", async ({ request }) => {
      // The second press falls into the time that the first one takes.
      if (keys.length === 0) await delay(300);
      keys.push(request.headers.get("idempotency-key"));
      return keys.length === 1 ? problem(503, "busy") : undefined;
    }),
  );
  await userEvent.type(await screen.findByRole("textbox", { name: "给投诉人的话" }), "请问是哪几天？");
  const send = screen.getByRole("button", { name: "发给投诉人" });
  await userEvent.dblClick(send);
  await waitFor(() => expect(screen.getByRole("button", { name: "发给投诉人" })).toBeEnabled());
  await userEvent.click(screen.getByRole("button", { name: "发给投诉人" }));
  await waitFor(() => expect(state.cases[0]?.messages.at(-1)?.body).toBe("请问是哪几天？"));
  expect(new Set(keys).size).toBe(1);
});

test("what is not possible yet stays visible with its reason", async () => {
  await openConsole(at(IN_HAND));
  const send = await screen.findByRole("button", { name: "发出答复" });
  expect(send).toHaveAttribute("aria-disabled", "true");
  expect(send).toHaveAccessibleDescription("答复要先由负责人批准，才能发出。");
});

test("a case that one may not see answers as missing", async () => {
  await openConsole("/complaints/00000000-0000-4000-8000-000000000000");
  expect(await screen.findByText("找不到这一项")).toBeInTheDocument();
});

test("the case prints as a file with all that happened", async () => {
  const one = makeCase(3);
  await openConsole(`${at(one)}/file`);
  expect(await screen.findByRole("heading", { name: "群众来件办理卷" })).toBeInTheDocument();
  expect(screen.getByText(one.body)).toBeInTheDocument();
  const section = screen.getByRole("region", { name: "五、办理经过" });
  expect(within(section).getAllByRole("row")).toHaveLength(one.timeline.length + 1);
  expect(screen.getByRole("link", { name: "回到这一件" })).toHaveAttribute("href", at(one));
});

test("what may say the same is proposed with the reasons, and merged by a person", async () => {
  const [one, lead, answered] = [makeCase(2), makeCase(3), makeCase(5)];
  const { state } = await openConsole(`/complaints/${one.id}`);
  const panel = await screen.findByRole("region", { name: "可能重复" });
  const [first, second] = within(panel).getAllByRole("listitem") as [HTMLElement, HTMLElement];
  expect(first).toHaveTextContent(/同一单位.*同一天收到.*一周三次以上/);
  const link = within(first).getByRole("link");
  expect(link).toHaveAttribute("href", `/complaints/${lead.id}`);
  expect(link).toHaveAttribute("target", "_blank");
  expect(second).toHaveTextContent(answered.number);
  expect(within(second).queryByRole("button")).not.toBeInTheDocument();
  await userEvent.click(within(first).getByRole("button", { name: `并入这一件，${lead.number}` }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByLabelText("找主件")).toHaveValue(lead.number);
  expect(within(dialog).getByRole("region", { name: "核对两件" })).toHaveTextContent(lead.title);
  await userEvent.click(within(dialog).getByRole("button", { name: "并入" }));
  await waitFor(() => expect(state.cases[2]?.duplicate_of?.id).toBe(lead.id));
});
