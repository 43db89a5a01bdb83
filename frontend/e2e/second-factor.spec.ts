import { codeOf, type EmptyServer, startEmpty } from "./empty";
import { accountOf, desk, expect, expectSound, type Page, phone, settle, signIn, test } from "./support";

const PASSWORD = "桥头第2家铺子，后面那口老井";

let empty: EmptyServer;
test.beforeAll(async () => {
  empty = await startEmpty();
});
test.afterAll(() => empty.stop());

async function givePassword(page: Page, login: string) {
  await page.goto(`${empty.address}/console/sign-in`);
  await page.locator("#login").fill(login);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
}

/** Sets a second factor up; gives the seed and the recovery codes. */
async function enrol(page: Page) {
  await page.getByRole("button", { name: "开始设置" }).click();
  await expect(page.locator("figure svg")).toBeVisible();
  await expectSound(page, "second factor begun");
  const seed = (await page.locator(".seed code").innerText()).replaceAll(" ", "");
  await page.locator("#code").fill(codeOf(seed));
  await page.locator("button[type=submit]").click();
  const codes = page.locator(".recovery-codes li code");
  await expect(codes).toHaveCount(10);
  await expectSound(page, "recovery codes");
  return { seed, codes: await codes.allInnerTexts() };
}

async function chooseIn(page: Page, label: string, text: string) {
  await page.getByRole("dialog").getByRole("combobox", { name: label }).fill(text);
  await page.locator(".ant-select-item-option:visible", { hasText: text }).first().click();
}

test("the first administrator sets everything up with a second factor, and invites a handler", async ({
  open,
}) => {
  const admin = await open({ ...desk, locale: "zh-CN" });
  await admin.goto(empty.link);
  await admin.locator("#region_name").fill("清河县教育局");
  await admin.locator("#member_name").fill("周敏");
  await admin.locator("#login").fill("zhoumin");
  await admin.locator("#password").fill(PASSWORD);
  await admin.locator("button[type=submit]").click();
  // Nothing else is to be had before there is a second factor, wherever one goes.
  await expect(admin.getByRole("heading", { name: "设置两步验证" })).toBeVisible();
  await admin.goto(`${empty.address}/console/members`);
  await expect(admin.getByRole("heading", { name: "设置两步验证" })).toBeVisible();
  const { seed, codes } = await enrol(admin);
  await admin.getByRole("button", { name: "我已经存好了" }).click();
  await expect(admin.getByRole("heading", { level: 1, name: "成员" })).toBeVisible();

  // A handler, who needs none.
  await admin.getByRole("button", { name: "新增成员" }).click();
  await chooseIn(admin, "单位", "清河县教育局");
  await admin.getByRole("dialog").getByRole("textbox", { name: "姓名", exact: true }).fill("王小丽");
  await admin.getByRole("dialog").locator(".btn.p").last().click();
  await expect(admin.getByRole("dialog")).toHaveCount(0);
  await admin.goto(`${empty.address}/console/role-grants`);
  await admin.getByRole("button", { name: "授予角色" }).click();
  await chooseIn(admin, "成员", "王小丽");
  await chooseIn(admin, "单位", "清河县教育局");
  await admin.getByRole("dialog").getByRole("textbox", { name: "理由" }).fill("新学期分工");
  await admin.getByRole("dialog").getByRole("button", { name: "授予", exact: true }).click();
  await expect(admin.getByRole("dialog")).toHaveCount(0);
  await admin.goto(`${empty.address}/console/members`);
  await settle(admin);
  await admin.locator("table.members tr", { hasText: "王小丽" }).locator(".ib").last().click();
  await admin.getByRole("menuitem", { name: "账号" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "发邀请链接" }).click();
  const address = await admin.locator(".link-text").innerText();

  const handler = await open({ ...phone, locale: "zh-CN" });
  await handler.goto(address);
  await handler.locator("#login").fill("wangxiaoli");
  await handler.locator("#password").fill(PASSWORD);
  await handler.locator("button[type=submit]").click();
  await handler.getByRole("link", { name: "去登录" }).click();
  await givePassword(handler, "wangxiaoli");
  await expect(handler.locator("header.head")).toBeVisible();

  // Signing in again takes the telephone, or one of the codes on paper, each once.
  const again = await open({ ...phone, locale: "zh-CN" });
  await givePassword(again, "zhoumin");
  await expect(again.locator("#code")).toBeFocused();
  await expectSound(again, "sign in by code");
  await again.locator("#code").fill(codeOf(seed, 1));
  await again.locator("button[type=submit]").click();
  await expect(again.locator("header.head")).toBeVisible();
  const paper = await open({ ...desk, locale: "zh-CN" });
  for (const isFirst of [true, false]) {
    await givePassword(paper, "zhoumin");
    await paper.getByRole("button", { name: /用恢复码/ }).click();
    await paper.locator("#recovery_code").fill(codes[0] ?? "");
    await paper.locator("button[type=submit]").click();
    if (!isFirst) break;
    await expect(paper.locator("header.head")).toBeVisible();
    await paper.context().clearCookies();
  }
  await expect(paper.getByText("验证码不对")).toBeVisible();
});

test("a step that needs a confirmation asks for it, and goes on with what was typed", async ({ open }) => {
  const page = await open({ ...desk, locale: "zh-CN" });
  await signIn(page, "admin", `/members?q=${encodeURIComponent("孙")}`);
  await settle(page);
  await page.locator("table.members .ib").last().click();
  await page.getByRole("menuitem", { name: "账号" }).click();
  const drawer = page.getByRole("dialog").first();
  await expect(drawer.getByRole("button", { name: /^发/ })).toBeVisible();
  // A quarter of an hour later, as far as the server says.
  let isAsked = false;
  await page.route("**/account/link", (route) => {
    if (isAsked) return route.fallback();
    isAsked = true;
    const body = JSON.stringify({
      code: "confirmation_needed",
      status: 403,
      title: "",
      detail: "",
      errors: [],
    });
    return route.fulfill({ status: 403, contentType: "application/problem+json", body });
  });
  await drawer.getByRole("button", { name: /^发/ }).click();
  const password = page.locator("#confirm-password");
  await expect(password).toBeFocused();
  await expectSound(page, "confirmation", ".ant-modal");
  await password.fill("not this one");
  await password.press("Enter");
  await expect(page.locator("#confirm-password-error")).toBeVisible();
  await password.fill(accountOf("admin").password);
  await password.press("Enter");
  await expect(drawer.locator(".link-text")).toBeVisible();
  await expect(password).toHaveCount(0);
  await drawer.getByRole("button", { name: "收回链接" }).click();
  await expect(drawer.locator(".link-text")).toHaveCount(0);
});
