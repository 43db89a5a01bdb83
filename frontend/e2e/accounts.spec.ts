import { desk, expect, type Page, phone, settle, signIn, test } from "./support";

const PASSWORD = "桥头第2家铺子，后面那口老井";

/** The drawer with the account of the last member on the page of those whose name begins so. */
async function openAccount(page: Page) {
  await page.goto(`/console/members?q=${encodeURIComponent("赵")}`);
  await settle(page);
  await page.locator("table.members .ib").last().click();
  await page.getByRole("menuitem", { name: "账号" }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("button", { name: /^发/ })).toBeVisible();
  return drawer;
}

async function fill(page: Page, login: string, password: string) {
  await page.locator("#login").fill(login);
  await page.locator("#password").fill(password);
  await page.locator("button[type=submit]").click();
}

test("who is invited makes an account, signs in, and is signed out everywhere by a reset", async ({
  open,
}) => {
  const admin = await open({ ...desk, locale: "zh-CN" });
  await signIn(admin, "admin");
  const drawer = await openAccount(admin);
  await drawer.getByRole("button", { name: "发邀请链接" }).click();
  const address = await drawer.locator(".link-text").innerText();

  const member = await open({ ...phone, locale: "zh-CN" });
  await member.goto(address);
  await expect(member).toHaveURL(/\/console\/account-link$/);
  await fill(member, "zhaolaoshi", PASSWORD);
  await member.getByRole("link", { name: "去登录" }).click();
  await fill(member, "ZhaoLaoShi", PASSWORD);
  await expect(member.locator("header.head")).toBeVisible();
  await member.goto("/console/account");
  await expect(member.getByText("就是这里")).toBeVisible();
  await expect(member.getByText("zhaolaoshi")).toBeVisible();
  // The link was good once.
  const other = await open({ ...desk, locale: "zh-CN" });
  await other.goto(address);
  await expect(other.getByText("这个链接已不能用")).toBeVisible();

  const again = await openAccount(admin);
  await expect(again.getByText("zhaolaoshi")).toBeVisible();
  await again.getByRole("button", { name: "发重设密码链接" }).click();
  await other.goto("about:blank");
  await other.goto(await again.locator(".link-text").innerText());
  await expect(other.locator("#login")).toHaveValue("zhaolaoshi");
  await other.locator("#password").fill(`${PASSWORD}换过的`);
  await other.locator("button[type=submit]").click();
  await expect(other.getByRole("link", { name: "去登录" })).toBeVisible();
  await member.reload();
  await expect(member.getByRole("heading", { name: "登录工作台" })).toBeVisible();
});

test("a session that is ended elsewhere is thrown out", async ({ open }) => {
  const lost = await open({ ...phone, locale: "zh-CN" });
  await signIn(lost, "supervisor");
  const here = await open({ ...desk, locale: "zh-CN" });
  await signIn(here, "supervisor");
  await here.goto("/console/account");
  await here.getByRole("button", { name: "退出其他所有登录" }).click();
  await expect(here.getByText(/其他登录都退出了/)).toBeVisible();
  await lost.reload();
  await expect(lost.getByRole("heading", { name: "登录工作台" })).toBeVisible();
  await here.reload();
  await expect(here.getByRole("heading", { name: "我的账号" })).toBeVisible();
});
