import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { session } from "./shared/session";
import { expectSound, openConsole } from "./test-kit";

const provider = { name: "全市统一身份认证", name_en: "City single sign-on" };

function kept(errand: "sign_in" | "tie", next = "/account") {
  sessionStorage.setItem("liangnuo.provider", JSON.stringify({ flow: "flow", errand, next }));
}

/** The console as the provider leaves it: the address is the browser's, and this tab remembers. */
async function comeBack(query: string, errand: "sign_in" | "tie" | null, isSignedIn = false) {
  globalThis.history.replaceState(null, "", `/console/sign-in/provider${query}`);
  return openConsole("/sign-in/provider", {
    provider,
    isSignedIn,
    prepare: () => {
      if (errand) kept(errand);
    },
  });
}

test("where there is none nothing is said of it", async () => {
  await openConsole("/sign-in", { isSignedIn: false });
  await screen.findByRole("button", { name: "登录" });
  expect(screen.queryByRole("button", { name: /用.*登录/ })).toBeNull();
});

test("the way there begins on the sign-in page and keeps where one wanted to go", async () => {
  const { container } = await openConsole("/sign-in?next=/account", { isSignedIn: false, provider });
  await userEvent.click(await screen.findByRole("button", { name: "用全市统一身份认证登录" }));
  await expect.poll(() => globalThis.location.hash).toBe("#provider");
  expect(JSON.parse(sessionStorage.getItem("liangnuo.provider") ?? "{}")).toEqual({
    flow: "flow",
    errand: "sign_in",
    next: "/account",
  });
  await expectSound(container);
});

test("whoever is back is signed in and where they wanted to go", async () => {
  await comeBack("?code=good&state=s", "sign_in");
  expect(await screen.findByRole("heading", { name: "我的账号" })).toBeInTheDocument();
  expect(globalThis.location.search).toBe("");
  expect(sessionStorage.getItem("liangnuo.provider")).toBeNull();
});

test("whom no account is tied to is told what to do", async () => {
  const { container } = await comeBack("?code=nobody&state=s", "sign_in");
  expect(await screen.findByText("这个统一身份还没有绑定账号")).toBeInTheDocument();
  expect(screen.getByText(/先用密码登录/)).toBeInTheDocument();
  await expectSound(container);
  await userEvent.click(screen.getByRole("link", { name: "返回" }));
  expect(await screen.findByRole("heading", { name: "登录工作台" })).toBeInTheDocument();
});

test.each([
  ["?error=access_denied&state=s", "sign_in" as const],
  ["?code=good&state=s", null],
])("whoever gave up, or comes from nowhere, is not signed in: %s", async (query, errand) => {
  await comeBack(query, errand);
  expect(await screen.findByText(/没有完成/)).toBeInTheDocument();
  expect(session.status()).not.toBe("in");
});

test("one ties one's account, sees since when, and unties it after a second question", async () => {
  const { state } = await comeBack("?code=good&state=s", "tie", true);
  const panel = within(await screen.findByRole("region", { name: "全市统一身份认证" }));
  expect(await panel.findByText(/11月23日.*绑定/)).toBeInTheDocument();
  await userEvent.click(panel.getByRole("button", { name: "解除绑定" }));
  await userEvent.click(within(await screen.findByRole("tooltip")).getByRole("button", { name: "解除绑定" }));
  expect(await panel.findByText(/没有绑定/)).toBeInTheDocument();
  expect(state.tiedAt).toBeNull();
});
