import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { api } from "../api/client";
import { server } from "../test/setup";
import { problem } from "./mocks/handlers";
import { session } from "./shared/session";
import { expectSound, openConsole } from "./test-kit";

async function signIn(password: string) {
  await userEvent.type(await screen.findByRole("textbox", { name: "账号" }), "handler");
  await userEvent.type(screen.getByLabelText("密码"), password);
  await userEvent.click(screen.getByRole("button", { name: "登录" }));
}

test("whoever is not signed in signs in and returns to where they were", async () => {
  const { router } = await openConsole("/complaints?state=received", { isSignedIn: false });
  await signIn("correct");
  await screen.findByRole("heading", { name: "投诉与建议" });
  expect(router.state.location.pathname + router.state.location.search).toBe("/complaints?state=received");
});

test("wrong credentials are said plainly, without saying which of the two", async () => {
  await openConsole("/sign-in", { isSignedIn: false });
  await signIn("wrong");
  expect(await screen.findByText("账号或密码不对")).toBeInTheDocument();
});

test("too many attempts count down until one may try again", async () => {
  await openConsole("/sign-in", { isSignedIn: false });
  await signIn("fast");
  expect(await screen.findByText("试得太快了")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: /\d+秒后可再试/ })).toBeDisabled();
});

test("many requests with an ended token make one refresh, and each goes out once more", async () => {
  await openConsole("/sign-in", { isSignedIn: false });
  await waitFor(() => expect(session.status()).toBe("starting"));
  let refreshes = 0;
  server.use(
    http.post("*/auth/refresh", ({ request }) => {
      refreshes++;
      expect(request.headers.get("x-liangnuo-refresh")).toBe("1");
      return HttpResponse.json({
        access_token: "new",
        expires_in: 900,
        token_type: "Bearer",
        refresh_token: null,
        device_token: null,
      });
    }),
    http.get("*/api/v1/categories", ({ request }) =>
      request.headers.get("authorization") === "Bearer new"
        ? HttpResponse.json({ items: [] })
        : problem(401, "session_ended"),
    ),
  );
  session.begin({
    access_token: "old",
    expires_in: 900,
    token_type: "Bearer",
    session_expires_in: 900,
    refresh_token: null,
    device_token: null,
  });
  const answers = await Promise.all([1, 2, 3].map(() => api.GET("/api/v1/categories")));
  expect(answers.map(({ data }) => data?.items)).toEqual([[], [], []]);
  expect(refreshes).toBe(1);
});

test("a token that is about to end is renewed before it is used", async () => {
  await openConsole("/sign-in", { isSignedIn: false });
  const seen: (string | null)[] = [];
  server.use(
    http.post("*/auth/refresh", () =>
      HttpResponse.json({
        access_token: "new",
        expires_in: 900,
        token_type: "Bearer",
        session_expires_in: 900,
        refresh_token: null,
        device_token: null,
      }),
    ),
    http.get("*/api/v1/categories", ({ request }) => {
      seen.push(request.headers.get("authorization"));
      return HttpResponse.json({ items: [] });
    }),
  );
  session.begin({
    access_token: "old",
    expires_in: 10,
    token_type: "Bearer",
    session_expires_in: 900,
    refresh_token: null,
    device_token: null,
  });
  await api.GET("/api/v1/categories");
  expect(seen).toEqual(["Bearer new"]);
});

test("signing out ends the session and shows the sign-in page", async () => {
  const { state } = await openConsole("/");
  await userEvent.click(await screen.findByRole("button", { name: /账号菜单/ }));
  await userEvent.click(await screen.findByText("退出登录"));
  expect(await screen.findByRole("heading", { name: "登录工作台" })).toBeInTheDocument();
  expect(state.isSignedIn).toBe(false);
});

test("the menu holds what the role may see", async () => {
  await openConsole("/", { login: "admin" });
  const menu = await screen.findByRole("navigation", { name: "主菜单" });
  expect(menu).toHaveTextContent("单位");
  expect(menu).not.toHaveTextContent("投诉与建议");
});

test("the set-up token leaves the address bar at once", async () => {
  globalThis.history.replaceState(null, "", "/console/bootstrap#token=secret");
  await openConsole("/bootstrap", { isSignedIn: false });
  expect(await screen.findByRole("heading", { name: "初始设置" })).toBeInTheDocument();
  expect(globalThis.location.hash).toBe("");
  let sent = "";
  server.use(
    http.post("*/auth/bootstrap", async ({ request }) => {
      sent = ((await request.json()) as { token: string }).token;
      return problem(422, "invalid_field", {
        errors: [{ pointer: "/password", code: "too_short", detail: "密码至少12个字。" }],
      });
    }),
  );
  await userEvent.click(screen.getByRole("button", { name: "建立并登录" }));
  expect(await screen.findByRole("alert")).toHaveFocus();
  expect(screen.getByLabelText("密码")).toHaveAccessibleDescription(/密码至少12个字。/);
  expect(sent).toBe("secret");
});

test("whoever's password is over chooses another one and then is where they wanted to go", async () => {
  const { container, router } = await openConsole("/account", { password: { isOver: true } });
  expect(await screen.findByRole("heading", { name: "换一个密码" })).toBeInTheDocument();
  const chosen = await screen.findByLabelText("新密码");
  await waitFor(() => expect(chosen).toHaveAccessibleDescription(/至少10个字.*至少用其中3种.*90天后要再换/));
  await expectSound(container);
  await userEvent.type(screen.getByLabelText("现在的密码"), "the old one");
  await userEvent.type(chosen, "渡口边第3棵槐树，春天开花");
  await userEvent.click(screen.getByRole("button", { name: "换密码" }));
  expect(await screen.findByRole("heading", { name: "我的账号" })).toBeInTheDocument();
  expect(router.state.location.pathname).toBe("/account");
});

test("two weeks before its end one is told of it on every page but the one for it", async () => {
  const { router } = await openConsole("/account", { password: { dueAt: "2026-12-10T02:00:00Z" } });
  const link = await screen.findByRole("link", { name: "去换密码" });
  expect(screen.getByText(/12月10日.*到期/)).toBeInTheDocument();
  await userEvent.click(link);
  expect(await screen.findByRole("heading", { name: "修改密码" })).toBeInTheDocument();
  expect(router.state.location.pathname).toBe("/account/password");
  expect(screen.queryByRole("link", { name: "去换密码" })).toBeNull();
});

test("whoever has left is asked and then signed out; whoever is there stays", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
  try {
    await openConsole("/account");
    await screen.findByRole("heading", { name: "我的账号" });
    later(86_400_000 - 50_000);
    const dialog = within(await screen.findByRole("dialog", { name: "您还在吗？" }, { timeout: 4_000 }));
    await userEvent.click(dialog.getByRole("button", { name: "我还在" }));
    later(60_000);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(session.status()).toBe("in");
    later(86_400_000);
    await waitFor(() => expect(session.status()).toBe("out"), { timeout: 4_000 });
  } finally {
    vi.useRealTimers();
  }
});
