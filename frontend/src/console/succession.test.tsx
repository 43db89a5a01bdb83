import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, test } from "vitest";
import { members, school, units } from "./mocks/data";
import { openConsole } from "./test-kit";

const next = units[4];

async function choose(name: string, unit: string) {
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("combobox", { name }));
  const options = await screen.findAllByText(unit, { selector: ".ant-select-item *" });
  await userEvent.click(options.at(-1) as HTMLElement);
}

test("what would come of a merger is shown before it is done, and anew after a change", async () => {
  await openConsole(`/units?unit=${school.id}`, { login: "admin" });
  await userEvent.click(await screen.findByRole("button", { name: "合并" }));
  const drawer = within(await screen.findByRole("dialog"));
  await choose("并入哪个单位", next?.name ?? "");
  const reason = drawer.getByRole("textbox", { name: /^理由/ });
  await userEvent.type(reason, "布局调整");
  await userEvent.click(drawer.getByRole("button", { name: "先看看会怎样" }));
  expect(await drawer.findByText("还没有做，下面是会怎样。")).toBeInTheDocument();
  expect(drawer.getByText(/2件没有承办人了/)).toBeInTheDocument();
  await userEvent.type(reason, "，见文件");
  expect(drawer.queryByText("还没有做，下面是会怎样。")).toBeNull();
  await userEvent.click(drawer.getByRole("button", { name: "先看看会怎样" }));
  await userEvent.click(await drawer.findByRole("button", { name: "确认合并" }));
  expect(await screen.findByText("已经办好，原单位已撤销。")).toBeInTheDocument();
  const { violations } = await axe.run(screen.getByRole("dialog"), {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("whoever of a split unit goes elsewhere is named one by one", async () => {
  await openConsole(`/units?unit=${school.id}`, { login: "admin" });
  await userEvent.click(await screen.findByRole("button", { name: "拆分" }));
  const drawer = within(await screen.findByRole("dialog"));
  await choose("承接单位1", units[1]?.name ?? "");
  await choose("承接单位2", next?.name ?? "");
  const own = members.find(({ unit }) => unit.id === school.id);
  const goes = await drawer.findByRole("combobox", { name: `${own?.name}归哪个单位` });
  await userEvent.selectOptions(goes, next?.name ?? "");
  expect(drawer.getByText(/其中1不归第一个/)).toBeInTheDocument();
  await userEvent.type(drawer.getByRole("textbox", { name: /^理由/ }), "九年一贯制拆分");
  await userEvent.click(drawer.getByRole("button", { name: "先看看会怎样" }));
  expect(await drawer.findByRole("button", { name: "确认拆分" })).toBeInTheDocument();
});
