import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { makeCase, people } from "./mocks/data";
import { openConsole } from "./test-kit";

const rows = () => screen.getAllByRole("row").slice(1);

async function openRoles(address = "/role-grants", login = "admin") {
  const view = await openConsole(address, { login });
  await screen.findByRole("heading", { level: 1, name: "角色" });
  await waitFor(() => expect(screen.queryAllByRole("status", { name: /正在/ })).toEqual([]));
  return view;
}

async function choose(row: HTMLElement, name: string) {
  await userEvent.click(within(row).getByRole("button", { name: /更多$/ }));
  await userEvent.click(await screen.findByRole("menuitem", { name }));
}

test("who holds what now stands first; what is over is asked for", async () => {
  const { router } = await openRoles();
  expect(rows()).toHaveLength(3);
  expect(screen.getAllByText(/^代理/, { selector: ".xs" }).length).toBeGreaterThan(0);
  await userEvent.click(screen.getByRole("button", { name: "清除状态" }));
  await waitFor(() => expect(rows()).toHaveLength(5));
  expect(router.state.location.search).toBe("?state=all");
  // The filter that was just taken off may still fade away with the same words.
  expect(rows().filter((row) => within(row).queryAllByText("还没开始").length > 0)).toHaveLength(1);
  expect(screen.getAllByText("终止：调离岗位").length).toBeGreaterThan(0);
});

test("filters stand in the address bar, and nothing found says what to do", async () => {
  const { router } = await openRoles("/role-grants?role=leader");
  expect(screen.getByRole("heading", { name: "没有符合的角色" })).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "清除筛选" }));
  await waitFor(() => expect(rows()).toHaveLength(3));
  expect(router.state.location.search).toBe("");
});

test("ending a role says what follows from it, and asks why", async () => {
  const { state } = await openRoles();
  await choose(rows()[1] as HTMLElement, "终止");
  const drawer = await screen.findByRole("dialog");
  await waitFor(() => expect(within(drawer).getByText(/代理也一起终止/)).toBeInTheDocument());
  await userEvent.click(within(drawer).getByRole("button", { name: "马上终止" }));
  expect(await within(drawer).findAllByText("请填写这一项。")).not.toHaveLength(0);
  await userEvent.type(within(drawer).getByRole("textbox", { name: "理由" }), "调离岗位");
  await userEvent.click(within(drawer).getByRole("button", { name: "马上终止" }));
  await waitFor(() => expect(rows()).toHaveLength(2));
  expect(state.grants.find(({ end_reason }) => end_reason === "调离岗位")).toBeDefined();
});

test("what somebody else changed meanwhile is fetched, and what was typed stays", async () => {
  const { state } = await openRoles();
  await choose(rows()[0] as HTMLElement, "终止");
  state.grants = state.grants.map((grant) => ({ ...grant, version: 2 }));
  const drawer = await screen.findByRole("dialog");
  const reason = within(drawer).getByRole("textbox", { name: "理由" });
  await userEvent.type(reason, "调离岗位");
  await userEvent.click(within(drawer).getByRole("button", { name: "马上终止" }));
  await userEvent.click(await within(drawer).findByRole("button", { name: "取来新的，接着存" }));
  expect(reason).toHaveValue("调离岗位");
  await waitFor(() => expect(within(drawer).queryByText("您填的时候，别人改了这一项")).toBeNull());
  await waitFor(async () => {
    await userEvent.click(within(drawer).getByRole("button", { name: "马上终止" }));
    expect(rows()).toHaveLength(2);
  });
});

test("a head looks, and gives nothing", async () => {
  const { state } = await openRoles("/role-grants", "head");
  state.grants = state.grants.map((grant) => ({ ...grant, allowed_actions: [] }));
  expect(screen.queryByRole("button", { name: "授予角色" })).toBeNull();
});

test("choosing a role of the whole county chooses its place, too", async () => {
  await openRoles();
  await userEvent.click(screen.getByRole("button", { name: "授予角色" }));
  const drawer = await screen.findByRole("dialog");
  await userEvent.click(within(drawer).getByRole("radio", { name: /^纪检督查/ }));
  expect(within(drawer).getByText("这个角色只设在教育局，管全县")).toBeInTheDocument();
  await waitFor(() => expect(within(drawer).getByText("清河县教育局")).toBeInTheDocument());
});

test.each([
  ["zh-CN", "何梅 代 周敏"],
  ["en", "He Mei for Zhou Min"],
] as const)("the timeline of a case says in whose place somebody acted: %s", async (locale, words) => {
  const one = makeCase(3);
  const [first] = one.timeline;
  if (!first) throw new Error("a case without a timeline");
  const who = { id: people[0]?.id ?? "", name: "何梅", name_en: "He Mei" };
  const holder = { id: people[1]?.id ?? "", name: "周敏", name_en: "Zhou Min" };
  const acted = {
    ...first,
    id: crypto.randomUUID(),
    by_kind: "member" as const,
    by: who,
    acting_for: holder,
  };
  const cases = [{ ...one, timeline: [...one.timeline, acted] }];
  await openConsole(`/complaints/${one.id}`, { cases, locale });
  expect(await screen.findByText(words)).toBeInTheDocument();
});
