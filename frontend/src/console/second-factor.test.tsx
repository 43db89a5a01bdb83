import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { members } from "./mocks/data";
import { GOOD_CODE, GOOD_RECOVERY_CODE } from "./mocks/secondFactor";
import { expectSound, openConsole } from "./test-kit";

const code = (name = "验证码") => screen.findByRole("textbox", { name });

async function givePassword() {
  await userEvent.type(await screen.findByRole("textbox", { name: "账号" }), "handler");
  await userEvent.type(screen.getByLabelText("密码"), "second");
  await userEvent.click(screen.getByRole("button", { name: "登录" }));
}

test("after the password comes a code, and a wrong one is said so", async () => {
  const { container, state, router } = await openConsole("/complaints", { isSignedIn: false });
  await givePassword();
  await userEvent.type(await code(), "654321{Enter}");
  expect(await screen.findByText("验证码不对")).toBeInTheDocument();
  expect(state.isSignedIn).toBe(false);
  await expectSound(container);
  await userEvent.clear(await code());
  await userEvent.type(await code(), `${GOOD_CODE}{Enter}`);
  await screen.findByRole("heading", { name: "投诉与建议" });
  expect(router.state.location.pathname).toBe("/complaints");
});

test("a recovery code takes the place of a code", async () => {
  const { state } = await openConsole("/sign-in", { isSignedIn: false });
  await givePassword();
  await userEvent.click(await screen.findByRole("button", { name: /用恢复码/ }));
  await userEvent.type(await code("恢复码"), `${GOOD_RECOVERY_CODE}{Enter}`);
  await waitFor(() => expect(state.isSignedIn).toBe(true));
});

test("who takes too long gives the password again", async () => {
  await openConsole("/sign-in", { isSignedIn: false });
  await givePassword();
  await userEvent.type(await code(), "000000{Enter}");
  expect(await screen.findByText("请重新输入密码")).toBeInTheDocument();
  expect(screen.getByLabelText("密码")).toBeInTheDocument();
});

test("whoever must have one is led to it and then to where they wanted to go", async () => {
  const { container, state, router } = await openConsole("/account", {
    secondFactor: { isMissing: true, isMandatory: true },
  });
  expect(await screen.findByRole("heading", { name: "设置两步验证" })).toBeInTheDocument();
  await expectSound(container);
  await userEvent.click(screen.getByRole("button", { name: "开始设置" }));
  expect(await screen.findByRole("img", { name: /二维码/ })).toBeInTheDocument();
  expect(screen.getByText(/^GEZD GNBV/)).toBeInTheDocument();
  await userEvent.type(await code(), "999999{Enter}");
  expect(await screen.findByText("验证码不对")).toBeInTheDocument();
  await userEvent.clear(await code());
  await userEvent.type(await code(), `${GOOD_CODE}{Enter}`);
  const box = within(await screen.findByRole("region", { name: "请存好这些恢复码" }));
  expect(box.getAllByRole("listitem")).toHaveLength(10);
  await expectSound(container);
  // They stay until one has kept them, though nothing is missing any more.
  expect(state.secondFactor.isMissing).toBe(false);
  await userEvent.click(box.getByRole("button", { name: "我已经存好了" }));
  expect(await screen.findByRole("heading", { name: "我的账号" })).toBeInTheDocument();
  expect(screen.queryByText("abcde-fgh23")).toBeNull();
  expect(router.state.location.pathname).toBe("/account");
});

test("one's own is shown, its recovery codes are made anew, and it is turned off after a second question", async () => {
  const { container, state } = await openConsole("/account", {
    secondFactor: { enrolledAt: "2026-11-20T01:00:00Z", codesLeft: 2 },
  });
  const panel = within(await screen.findByRole("region", { name: "两步验证" }));
  expect(await panel.findByText(/只剩2个/)).toBeInTheDocument();
  await expectSound(container);
  await userEvent.click(panel.getByRole("button", { name: "重新生成恢复码" }));
  await userEvent.click(await panel.findByRole("button", { name: "我已经存好了" }));
  expect(await panel.findByText("恢复码还剩10个。")).toBeInTheDocument();
  await userEvent.click(panel.getByRole("button", { name: "关闭两步验证" }));
  expect(state.secondFactor.enrolledAt).not.toBeNull();
  await userEvent.click(panel.getByRole("button", { name: "真的关闭" }));
  expect(await panel.findByText(/没有设置/)).toBeInTheDocument();
});

test("where a role demands it, it can't be turned off", async () => {
  await openConsole("/account", {
    secondFactor: { enrolledAt: "2026-11-20T01:00:00Z", codesLeft: 9, isMandatory: true },
  });
  const panel = within(await screen.findByRole("region", { name: "两步验证" }));
  expect(await panel.findByText(/不能关闭/)).toBeInTheDocument();
  expect(panel.queryByRole("button", { name: "关闭两步验证" })).toBeNull();
});

/** In tests all of antd's dialogs have one id, so this one is found by its words. */
async function question(): Promise<HTMLElement> {
  const title = await screen.findByText("请再确认一次是您本人");
  return title.closest<HTMLElement>("[role=dialog]") as HTMLElement;
}

async function issueLink(secondFactor: object) {
  const opened = await openConsole("/members", { login: "admin", secondFactor });
  await userEvent.click(await screen.findByRole("button", { name: `${members[1]?.name}，更多` }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "账号" }));
  const drawer = await screen.findByRole("dialog");
  await userEvent.click(await within(drawer).findByRole("button", { name: "发邀请链接" }));
  const asked = await question();
  return { ...opened, drawer: within(drawer), asked };
}

test("what needs a confirmation asks for it, and then goes on by itself", async () => {
  const { drawer, asked, state } = await issueLink({ isConfirmed: false });
  const dialog = within(asked);
  await expectSound(asked);
  await userEvent.type(await dialog.findByLabelText("密码"), "wrong{Enter}");
  expect((await dialog.findAllByText(/密码不对/)).length).toBeGreaterThan(0);
  expect(state.secondFactor.isConfirmed).toBe(false);
  await userEvent.clear(dialog.getByLabelText("密码"));
  await userEvent.type(dialog.getByLabelText("密码"), "right{Enter}");
  expect(await drawer.findByText(/#token=/)).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByText("请再确认一次是您本人")).toBeNull());
});

test("whoever has a second factor confirms by it; whoever would rather not has done nothing", async () => {
  const { drawer, asked } = await issueLink({ isConfirmed: false, enrolledAt: "2026-11-20T01:00:00Z" });
  expect(await within(asked).findByRole("textbox", { name: "验证码" })).toHaveFocus();
  await userEvent.click(within(asked).getByRole("button", { name: "取消" }));
  expect(await drawer.findByText("没有确认，所以没有办")).toBeInTheDocument();
  await userEvent.click(drawer.getByRole("button", { name: "发邀请链接" }));
  const again = within(await question());
  await userEvent.type(await again.findByRole("textbox", { name: "验证码" }), `${GOOD_CODE}{Enter}`);
  expect(await drawer.findByText(/#token=/)).toBeInTheDocument();
});

test("the second factor of somebody else is taken away after a second question", async () => {
  await openConsole("/members", { login: "admin" });
  await userEvent.click(await screen.findByRole("button", { name: `${members[0]?.name}，更多` }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "账号" }));
  const drawer = within(await screen.findByRole("dialog"));
  await userEvent.click(await drawer.findByRole("button", { name: "解除两步验证" }));
  await userEvent.click(drawer.getByRole("button", { name: "确定解除" }));
  expect(await drawer.findByText("没有设置")).toBeInTheDocument();
  expect(drawer.queryByRole("button", { name: "解除两步验证" })).toBeNull();
});

test("what somebody else did to the account stands on every page until it is put away", async () => {
  const { state } = await openConsole("/account", { isReset: true });
  expect(await screen.findByText(/重设了您的密码/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "知道了" }));
  await waitFor(() => expect(screen.queryByText(/重设了您的密码/)).toBeNull());
  expect(state.notices).toEqual([]);
});
