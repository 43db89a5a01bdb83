import type { Server } from "node:http";
import { startProvider } from "./provider";
import { desk, expect, expectSound, type Page, phone, settle, signIn, test } from "./support";

let provider: Server;

test.beforeAll(async ({ baseURL }) => {
  provider = await startProvider(baseURL ?? "");
});

test.afterAll(() => {
  provider.closeAllConnections();
  provider.close();
});

/** Signs in at the provider, and lets it tell who that is. */
async function passProvider(page: Page, login: string) {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("an account is tied to the identity provider, opened by it, and untied", async ({ open }) => {
  const page = await open({ ...desk, locale: "zh-CN" });
  await signIn(page, "member", "/account");
  const panel = page.getByRole("region", { name: "统一身份认证" });
  await panel.getByRole("button", { name: "绑定" }).click();
  await passProvider(page, "staff-0042");
  await expect(panel.getByText(/绑定。在统一身份认证登录/)).toBeVisible();
  await settle(page);
  await expectSound(page, "my account, tied");

  const mobile = await open({ ...phone, locale: "zh-CN" });
  await mobile.goto("/console/sign-in?next=/account");
  await mobile.getByRole("button", { name: "用统一身份认证登录" }).click();
  await passProvider(mobile, "staff-0042");
  await expect(mobile.getByRole("heading", { name: "我的账号" })).toBeVisible();
  await expect(mobile).toHaveURL(/\/console\/account$/);
  await expectSound(mobile, "my account on a phone, tied");

  // Somebody whom the provider knows and we don't is told what to do.
  const stranger = await open({ ...phone, locale: "en-GB" });
  await stranger.goto("/console/sign-in");
  await expectSound(stranger, "sign in, with a provider");
  await stranger.getByRole("button", { name: "Sign in with single sign-on" }).click();
  await passProvider(stranger, "somebody-else");
  await expect(stranger.getByText("No account is tied to this identity")).toBeVisible();
  await expectSound(stranger, "no account is tied");
  await stranger.getByRole("link", { name: "Back" }).click();
  await stranger.getByRole("button", { name: "Sign in with single sign-on" }).click();
  // The provider still knows them; whoever declines there is back without an account.
  await expect(stranger.getByText("No account is tied to this identity")).toBeVisible();

  await panel.getByRole("button", { name: "解除绑定" }).click();
  await page.getByRole("tooltip").getByRole("button", { name: "解除绑定" }).click();
  await expect(panel.getByText("没有绑定")).toBeVisible();
});
