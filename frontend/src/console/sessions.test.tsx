import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openConsole } from "./test-kit";

test("the menu of one's name leads to one's account, with where one is signed in", async () => {
  const { router } = await openConsole("/", { login: "head" });
  await userEvent.click(await screen.findByRole("button", { name: /账号菜单/ }));
  await userEvent.click(await screen.findByText("我的账号"));
  expect(await screen.findByRole("heading", { name: "我的账号" })).toBeInTheDocument();
  expect(router.state.location.pathname).toBe("/account");
  expect(await screen.findByText("Edge（Windows）")).toBeInTheDocument();
  expect(screen.getByText("就是这里").closest("li")).toHaveTextContent("Edge（Windows）");
  expect(screen.getByText("微信（iPhone或iPad）")).toBeInTheDocument();
  expect(screen.getByText("其他程序")).toBeInTheDocument();
  expect(screen.getByText("清河县第二小学的单位负责人")).toBeInTheDocument();
});

test("one session is ended by its own button, and the one in use has none", async () => {
  const { state } = await openConsole("/account");
  const buttons = await screen.findAllByRole("button", { name: /^退出.+登录的$/ });
  expect(buttons).toHaveLength(2);
  await userEvent.click(screen.getByRole("button", { name: /^退出微信/ }));
  expect(await screen.findByText(/那一处已经退出/)).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByText("微信（iPhone或iPad）")).toBeNull());
  expect(state.sessions).toHaveLength(2);
});

test("a session that has ended meanwhile is said to be gone, and leaves the list", async () => {
  const { state } = await openConsole("/account");
  const button = await screen.findByRole("button", { name: /^退出微信/ });
  state.sessions = state.sessions.filter(({ browser }) => browser !== "wechat");
  await userEvent.click(button);
  expect(await screen.findByText("找不到这一项")).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByText("微信（iPhone或iPad）")).toBeNull());
});

test("all others are ended at once, and then nothing is left to be ended", async () => {
  const { state } = await openConsole("/account", { locale: "en" });
  await userEvent.click(await screen.findByRole("button", { name: "Sign out everywhere else" }));
  expect(await screen.findByText(/All other sessions have ended/)).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByRole("button", { name: "Sign out everywhere else" })).toBeNull());
  expect(state.sessions.map(({ is_current }) => is_current)).toEqual([true]);
});
