import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { describe, expect, test } from "vitest";
import { makeCase, school } from "./mocks/data";
import { openConsole } from "./test-kit";

async function violations(container: Element) {
  // jsdom draws nothing, so colours are judged in a browser.
  const { violations: found } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

const pages: [string, string, RegExp][] = [
  ["my work", "/", /^我的工作$/],
  ["queue", "/complaints", /^投诉与建议$/],
  ["case", `/complaints/${makeCase(3).id}`, /^您现在可以做$/],
  ["statistics", "/statistics?period=all", /^按分类$/],
  ["imports", "/imports/new", /^导入办件$/],
  ["units", `/units?unit=${school.id}`, /^清河县第二小学$/],
  ["members", "/members", /^成员$/],
  ["roles", "/role-grants", /^角色$/],
  ["account", "/account", /^我的账号$/],
  ["password", "/account/password", /^修改密码$/],
];

describe("axe finds nothing on", () => {
  test.each(pages)("%s", async (_name, address, heading) => {
    const { container } = await openConsole(address);
    await screen.findByRole("heading", { name: heading });
    await waitFor(() => expect(screen.queryAllByRole("status", { name: /正在/ })).toEqual([]));
    expect(await violations(container)).toEqual([]);
  });
});

test("my work shows what is late first, and a row leads to the case", async () => {
  const { router } = await openConsole("/");
  const headings = await screen.findAllByRole("heading", {
    level: 2,
    name: /已超期|今天和快要到期|等负责人批/,
  });
  expect(headings[0]).toHaveTextContent("已超期");
  await userEvent.click(screen.getAllByRole("link", { name: /^写答复 / })[0] as HTMLElement);
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/complaints\/.+/));
});

test("a county without cases is told how they come", async () => {
  await openConsole("/", { count: 0 });
  expect(await screen.findByRole("heading", { name: "手上没有要办的" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "导入第一份台账" })).toBeInTheDocument();
});

test("English is complete on the case page", async () => {
  await openConsole(`/complaints/${makeCase(0).id}`, { locale: "en" });
  expect(await screen.findByRole("heading", { name: "What you can do now" })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Accept" })).toBeInTheDocument();
  expect(screen.getByRole("heading", { name: "Time limit" })).toBeInTheDocument();
});

test("a page that the role does not include says so", async () => {
  await openConsole("/imports", { login: "handler" });
  expect(await screen.findByRole("heading", { name: "您看不到这一页" })).toBeInTheDocument();
});
