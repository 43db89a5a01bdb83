import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server } from "../test/setup";
import { makeCase, school } from "./mocks/data";
import { problem } from "./mocks/handlers";
import { openConsole } from "./test-kit";

const rows = async () =>
  within(await screen.findByRole("table"))
    .getAllByRole("row")
    .slice(1);
const tick = (one: { number: string }) => screen.getByRole("checkbox", { name: `选中${one.number}` });
const [FIRST, SECOND, GONE] = [makeCase(1), makeCase(9), makeCase(17)];

async function chooseUnit() {
  await userEvent.click(screen.getByRole("button", { name: "交办" }));
  const drawer = await screen.findByRole("dialog");
  expect(within(drawer).getByRole("button", { name: "下一步：核对" })).toBeDisabled();
  const unit = within(drawer).getByRole("combobox", { name: "承办单位" });
  await userEvent.type(unit, school.name);
  await userEvent.click(
    await screen.findByText((_, node) => node?.className === "ant-select-item-option-content"),
  );
  return drawer;
}

test("many are given at once, and what became of each is said", async () => {
  const { state } = await openConsole("/complaints?state=accepted");
  await rows();
  for (const one of [FIRST, SECOND, GONE]) await userEvent.click(tick(one));
  expect(screen.getByText("已选3件")).toBeInTheDocument();
  state.cases[9] = { ...SECOND, version: 12 };
  const drawer = await chooseUnit();
  await userEvent.click(await within(drawer).findByRole("radio", { name: /^林老师/ }));
  await userEvent.type(within(drawer).getByRole("textbox", { name: /^交代一句/ }), "本周先去现场");
  await userEvent.click(within(drawer).getByRole("button", { name: "下一步：核对" }));
  expect(drawer).toHaveTextContent(school.name);
  expect(drawer).toHaveTextContent("林老师");
  expect(drawer).toHaveTextContent("本周先去现场");
  for (const one of [FIRST, SECOND, GONE]) expect(drawer).toHaveTextContent(one.number);
  expect(state.cases[1]?.state).toBe("accepted");

  await userEvent.click(within(drawer).getByRole("button", { name: "交办这3件" }));
  expect(await within(drawer).findByText("2件交办好了，1件没有")).toBeInTheDocument();
  expect(state.cases[1]).toMatchObject({ state: "assigned", handler: { name: "林老师" } });
  expect(state.cases[17]?.timeline.at(-1)?.note).toBe("本周先去现场");
  expect(state.cases[9]?.state).toBe("accepted");
  const left = within(drawer).getByText("您看的时候，别人改了这一件。").closest("li");
  expect(left).toHaveTextContent(SECOND.number);
  expect(within(drawer).getAllByText("已交办")).toHaveLength(2);

  await userEvent.click(within(drawer).getByRole("button", { name: "看完了" }));
  expect(await screen.findByText("已选1件")).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByText(FIRST.number)).not.toBeInTheDocument());
  expect(tick(SECOND)).toBeChecked();

  // The row on the screen is the new one: what is given now is what was seen.
  await chooseUnit();
  await userEvent.click(screen.getByRole("button", { name: "下一步：核对" }));
  await userEvent.click(screen.getByRole("button", { name: "交办这1件" }));
  await waitFor(() => expect(state.cases[9]?.state).toBe("assigned"));
});

test("a broken line loses nothing: what was chosen and typed is still there", async () => {
  const { state } = await openConsole("/complaints?state=accepted");
  await rows();
  await userEvent.click(tick(FIRST));
  const drawer = await chooseUnit();
  await userEvent.click(within(drawer).getByRole("button", { name: "下一步：核对" }));
  let calls = 0;
  server.use(http.post("*/complaints/assign", () => (calls++ === 0 ? problem(503, "busy") : undefined)));
  await userEvent.click(within(drawer).getByRole("button", { name: "交办这1件" }));
  expect(await within(drawer).findByText("服务器正忙")).toBeInTheDocument();
  await userEvent.click(within(drawer).getByRole("button", { name: "交办这1件" }));
  await waitFor(() => expect(state.cases[1]?.state).toBe("assigned"));
});

test("a case that the answer leaves out is not taken for done", async () => {
  await openConsole("/complaints?state=accepted");
  await rows();
  await userEvent.click(tick(FIRST));
  const drawer = await chooseUnit();
  server.use(http.post("*/complaints/assign", () => HttpResponse.json({ items: [] })));
  await userEvent.click(within(drawer).getByRole("button", { name: "下一步：核对" }));
  await userEvent.click(within(drawer).getByRole("button", { name: "交办这1件" }));
  expect(await within(drawer).findByText("没有得到这一件的结果，请打开看看。")).toBeInTheDocument();
  expect(screen.getByText("已选1件")).toBeInTheDocument();
});

test("x ticks the marked row; the choice stays through the pages and not in another list", async () => {
  const { router } = await openConsole("/complaints");
  await rows();
  await userEvent.keyboard("jx");
  expect(screen.getByText("已选1件")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "下一页" }));
  await screen.findByText("第21–40件，共60件");
  expect(screen.getByText("已选1件")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("checkbox", { name: "选中这一页" }));
  expect(screen.getByText("已选21件")).toBeInTheDocument();
  await userEvent.keyboard("jx");
  expect(screen.getByText("已选20件")).toBeInTheDocument();
  await router.navigate("/complaints?state=accepted");
  await waitFor(() => expect(screen.queryByText(/^已选/)).not.toBeInTheDocument());
});

test("who can't assign is offered no ticks", async () => {
  await openConsole("/complaints", { login: "handler" });
  await rows();
  expect(screen.queryByRole("checkbox")).not.toBeInTheDocument();
});

test("rows carry their marks in words, and the list can be narrowed to them", async () => {
  const { router } = await openConsole("/complaints?is_supervised=true");
  const all = await rows();
  expect(all).toHaveLength(1);
  expect(all[0]).toHaveTextContent("督办");
  await userEvent.click(screen.getByRole("button", { name: "清除标记" }));
  await waitFor(() => expect(router.state.location.search).not.toContain("is_supervised"));
  await waitFor(async () => expect(await rows()).toHaveLength(20));
});
