import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, test } from "vitest";
import { members } from "./mocks/data";
import { openConsole } from "./test-kit";

test("what would come of a hand-over is shown before it is done, and anew after a change", async () => {
  await openConsole("/members", { login: "admin" });
  await userEvent.click(await screen.findByRole("button", { name: `${members[0]?.name}，更多` }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "交接" }));
  const drawer = within(await screen.findByRole("dialog"));
  expect(await drawer.findByText("1件，由看得到的人去交")).toBeInTheDocument();
  await userEvent.click(drawer.getByRole("combobox", { name: "接手的人" }));
  await userEvent.click(await screen.findByText(members[1]?.name ?? "", { selector: ".ant-select-item *" }));
  const reason = drawer.getByRole("textbox", { name: /^理由/ });
  await userEvent.type(reason, "退休");
  expect(drawer.queryByRole("button", { name: "确认交接" })).toBeNull();
  await userEvent.click(drawer.getByRole("button", { name: "先看看会怎样" }));
  expect(await drawer.findByText("还没有交，下面是会怎样。")).toBeInTheDocument();
  expect(drawer.getByText(/应当回避/)).toBeInTheDocument();
  await userEvent.type(reason, "返乡");
  expect(drawer.queryByText("还没有交，下面是会怎样。")).toBeNull();
  await userEvent.click(drawer.getByRole("button", { name: "先看看会怎样" }));
  await userEvent.click(await drawer.findByRole("button", { name: "确认交接" }));
  const done = within(await screen.findByRole("dialog"));
  expect(await done.findByText("已经交接。")).toBeInTheDocument();
  const { violations } = await axe.run(screen.getByRole("dialog"), {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});
