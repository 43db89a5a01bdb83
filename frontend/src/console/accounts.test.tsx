import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, test } from "vitest";
import { members } from "./mocks/data";
import { openConsole } from "./test-kit";

async function openAccount(n: number) {
  const opened = await openConsole("/members", { login: "admin" });
  const name = members[n]?.name ?? "";
  await userEvent.click(await screen.findByRole("button", { name: `${name}，更多` }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "账号" }));
  return { ...opened, drawer: within(await screen.findByRole("dialog")) };
}

test("who has no account is invited by a link that is shown once", async () => {
  const { drawer, state } = await openAccount(1);
  expect(await drawer.findByText(/还没有账号/)).toBeInTheDocument();
  await userEvent.click(drawer.getByRole("button", { name: "发邀请链接" }));
  const address = await drawer.findByText(/\/console\/account-link#token=/);
  expect(address).toHaveTextContent(state.token);
  expect(drawer.getByRole("heading", { name: `给${members[1]?.name}的邀请链接` })).toBeInTheDocument();
  // A new one takes its place.
  await userEvent.click(drawer.getByRole("button", { name: "换一个新链接" }));
  await waitFor(() => expect(drawer.getByText(/#token=/)).toHaveTextContent(state.token));
  expect(drawer.getAllByText(/#token=/)).toHaveLength(1);
  await userEvent.click(drawer.getByRole("button", { name: "收回链接" }));
  expect(await drawer.findByText(/还没有账号/)).toBeInTheDocument();
  expect(drawer.queryByText(/#token=/)).toBeNull();
});

test("who has an account gets a link to another password", async () => {
  const { drawer } = await openAccount(0);
  expect(await drawer.findByText("handler")).toBeInTheDocument();
  await userEvent.click(drawer.getByRole("button", { name: "发重设密码链接" }));
  expect(await drawer.findByText(/#token=/)).toBeInTheDocument();
  const { violations } = await axe.run(screen.getByRole("dialog"), {
    rules: { "color-contrast": { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

async function openLink(token: string) {
  globalThis.history.replaceState(null, "", `/console/account-link#token=${token}`);
  const opened = await openConsole("/account-link", { isSignedIn: false });
  // The token leaves the address bar as soon as the page is there.
  await waitFor(() => expect(globalThis.location.hash).toBe(""));
  return opened;
}

test("an invitation asks for a login and a password, and says which of them can't be taken", async () => {
  const { container, router } = await openLink("invitation");
  expect(await screen.findByRole("heading", { name: "开通账号" })).toBeInTheDocument();
  const login = await screen.findByRole("textbox", { name: "账号" });
  await userEvent.type(login, "taken");
  await userEvent.type(screen.getByLabelText("密码"), "short");
  await userEvent.click(screen.getByRole("button", { name: "开通" }));
  expect(await screen.findByRole("alert")).toHaveFocus();
  expect(login).toHaveAccessibleDescription(/已有人用/);
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
  await userEvent.clear(login);
  await userEvent.type(login, "xinlaide");
  await userEvent.type(screen.getByLabelText("密码"), "-and-long-enough");
  await userEvent.click(screen.getByRole("button", { name: "开通" }));
  expect(await screen.findByText(/以后用账号“xinlaide”/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole("link", { name: "去登录" }));
  expect(router.state.location.pathname).toBe("/sign-in");
});

test("a reset keeps the login", async () => {
  await openLink("reset");
  expect(await screen.findByRole("heading", { name: "重设密码" })).toBeInTheDocument();
  expect(await screen.findByRole("textbox", { name: "账号" })).toHaveAttribute("readonly");
  await userEvent.type(screen.getByLabelText("密码"), "another-and-long-enough");
  await userEvent.click(screen.getByRole("button", { name: "设新密码" }));
  expect(await screen.findByText(/以后用账号“handler”/)).toBeInTheDocument();
});

test("a link that is no longer good says so and whom to ask", async () => {
  await openLink("used");
  expect(await screen.findByText("这个链接已不能用")).toBeInTheDocument();
  expect(screen.queryByLabelText("密码")).toBeNull();
});
