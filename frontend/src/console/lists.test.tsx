import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openConsole } from "./test-kit";

test("a list of members is tried with what would change, then imported, and leads to the members", async () => {
  const { router } = await openConsole("/members", { login: "admin" });
  await userEvent.click(await screen.findByRole("link", { name: "导入成员" }));
  expect(await screen.findByRole("heading", { name: "导入成员" })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "下载导入表（Excel）" })).toBeInTheDocument();
  await userEvent.upload(screen.getByLabelText("要导入的文件"), new File(["x"], "教师名单.xlsx"));
  expect(await screen.findByRole("combobox", { name: /“学校”是什么/ })).toHaveValue("unit");
  // What only a ledger is asked for is not there.
  expect(screen.queryByLabelText("来源名称")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "试运行，先不写入" }));
  expect(await screen.findByRole("heading", { name: "将新建和更新的" })).toBeInTheDocument();
  const changed = screen.getByRole("row", { name: /林老师/ });
  expect(within(changed).getByText("更新")).toBeInTheDocument();
  expect(within(changed).getByText("单位、职务")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "导入其余59行" }));
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/imports\/.+/));
  expect(await screen.findByRole("link", { name: "看成员" })).toHaveAttribute("href", "/members");
});

test("who imports lists sees no ledgers, and who imports ledgers no lists", async () => {
  await openConsole("/imports", { login: "admin" });
  const kinds = await screen.findByRole("combobox", { name: "导入的是" });
  expect(within(kinds).getAllByRole("option")).toHaveLength(3);
  expect(await screen.findByRole("link", { name: "导入单位" })).toHaveAttribute(
    "href",
    "/imports/new?kind=units",
  );
  expect(screen.queryByRole("link", { name: "导入台账" })).toBeNull();
});

test("a kind that the role may not import is no page", async () => {
  await openConsole("/imports/new?kind=units", { login: "office" });
  expect(await screen.findByRole("heading", { name: "您看不到这一页" })).toBeInTheDocument();
});

test("without the right there is no button, and the list can be taken out all the same", async () => {
  await openConsole("/units", { login: "handler" });
  expect(await screen.findByRole("button", { name: "导出列表" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "导入单位" })).toBeNull();
});
