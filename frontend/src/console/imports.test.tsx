import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openConsole } from "./test-kit";

const ledger = () => new File(["x"], "台账.xlsx");

async function choose() {
  await userEvent.upload(await screen.findByLabelText("台账文件"), ledger());
  await screen.findByText("还缺：留言详情");
}

const select = (name: RegExp) => screen.getByRole("combobox", { name });

test("columns are guessed, the missing one is named and chosen by hand", async () => {
  await openConsole("/imports/new");
  await choose();
  expect(select(/“标题”是什么/)).toHaveValue("title");
  const tryOut = screen.getByRole("button", { name: "试运行，先不写入" });
  expect(tryOut).toBeDisabled();
  await userEvent.selectOptions(select(/“诉求”是什么/), "留言详情");
  expect(tryOut).toBeEnabled();
});

test("a field stands in one column: given to another one it leaves the first", async () => {
  await openConsole("/imports/new");
  await choose();
  await userEvent.selectOptions(select(/“点击量”是什么/), "留言主题");
  expect(select(/“标题”是什么/)).toHaveValue("");
  expect(select(/“点击量”是什么/)).toHaveValue("title");
});

test("the dry run shows what would happen; only then the rows are imported, on a page of their own", async () => {
  const { router, state } = await openConsole("/imports/new");
  await choose();
  await userEvent.selectOptions(select(/“诉求”是什么/), "留言详情");
  await userEvent.click(screen.getByRole("button", { name: "试运行，先不写入" }));
  expect(await screen.findByText("这只是试运行，还没有写入任何一条。")).toBeInTheDocument();
  expect(state.jobs).toHaveLength(1);
  const errors = screen.getByRole("table");
  expect(within(errors).getByText(/无法识别/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "导入其余3400行" }));
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/imports\/.+/));
  expect(await screen.findByRole("progressbar")).toHaveAttribute("aria-valuenow", "63");
  expect(state.jobs).toHaveLength(2);
});
