import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, test } from "vitest";
import { members } from "./mocks/data";
import { openConsole } from "./test-kit";

test("what the public would see is shown while it is decided, and the party only of who is in it", async () => {
  await openConsole("/members", { login: "admin" });
  const [inParty, notInParty] = members;
  await userEvent.click(await screen.findByRole("button", { name: `${inParty?.name}，更多` }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "亮身份" }));
  const drawer = within(await screen.findByRole("dialog"));
  expect(drawer.getByText("现在不公开，群众看不到这位成员。")).toBeInTheDocument();
  expect(drawer.getByRole("checkbox", { name: "亮党员身份" })).toBeDisabled();
  await userEvent.click(drawer.getByRole("checkbox", { name: "在单位公开页上亮身份" }));
  await userEvent.click(drawer.getByRole("checkbox", { name: "亮党员身份" }));
  const preview = within(drawer.getByRole("status"));
  expect(preview.getByText(inParty?.name ?? "")).toBeInTheDocument();
  expect(preview.getByText("党员")).toBeInTheDocument();
  const { violations } = await axe.run(screen.getByRole("dialog"), {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
  await userEvent.click(drawer.getByRole("button", { name: "取消" }));

  await userEvent.click(await screen.findByRole("button", { name: `${notInParty?.name}，更多` }));
  await userEvent.click((await screen.findAllByRole("menuitem", { name: "亮身份" })).at(-1) as HTMLElement);
  const other = within((await screen.findAllByRole("dialog")).at(-1) as HTMLElement);
  expect(other.getByRole("checkbox", { name: "在单位公开页上亮身份" })).toBeChecked();
  expect(other.queryByRole("checkbox", { name: "亮党员身份" })).toBeNull();
});
