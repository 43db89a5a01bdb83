import { desk, expect, type Page, phone, SCHOOL, settle, signIn, test } from "./support";

const BODY = "校门口的宣传栏半年没有换过，内容都过期了。";

/** What the signed-in member is called. */
async function nameOf(page: Page) {
  return (await page.getByRole("banner").locator(".mn").innerText()).trim();
}

async function file(page: Page, title: string): Promise<string> {
  await page.goto("/complain");
  await page.getByRole("radio", { name: "我知道是哪个单位" }).check();
  await page.locator("#unit_id").fill(SCHOOL);
  await page.locator(".choices button").first().click();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^投诉/ }).check();
  await page.getByRole("textbox", { name: "一句话说是什么事" }).fill(title);
  await page.getByRole("textbox", { name: "经过" }).fill(BODY);
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^不留姓名/ }).check();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "提交投诉" }).click();
  await page.getByRole("button", { name: "我记好了，去看进度" }).click();
  return page.getByText(/^\d{4}-\d{6}-[0-9A-Z]$/).innerText();
}

/** Chooses at the demo school: many in the county are called alike. */
async function pick(page: Page, label: string, text: string) {
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("combobox", { name: label }).fill(text);
  // The choices of the field before may still be there, unseen.
  await page
    .locator(".ant-select-item-option:visible", { hasText: text })
    .filter({ hasText: SCHOOL })
    .first()
    .click();
}

async function openRoles(page: Page, member: string, query = "") {
  await page.goto(`/console/role-grants?q=${encodeURIComponent(member)}${query}`);
  await settle(page);
}

/** The row of a member's role at the demo school. */
const row = (page: Page, role: string) =>
  page.locator(".grants tbody tr", { hasText: role }).filter({ hasText: SCHOOL });

async function choose(page: Page, role: string, action: string) {
  await row(page, role).first().getByRole("button", { name: /更多$/ }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
}

test("a member is made a handler, works, and is one no longer: without signing in again", async ({
  open,
}) => {
  const member = await open(desk);
  await signIn(member, "member");
  const name = await nameOf(member);
  await expect(member.getByRole("link", { name: "投诉与建议" })).toHaveCount(0);

  const security = await open(desk);
  await signIn(security, "admin", "/role-grants");
  await security.getByRole("button", { name: "授予角色" }).click();
  const drawer = security.getByRole("dialog");
  await pick(security, "成员", name);
  await pick(security, "单位", SCHOOL);
  await drawer.getByRole("button", { name: "授予", exact: true }).click();
  await expect(drawer.getByText("请填写这一项。").first()).toBeVisible();
  await drawer.getByRole("textbox", { name: "理由" }).fill("新学期分工");
  await drawer.getByRole("button", { name: "授予", exact: true }).click();
  await expect(security.getByRole("dialog")).toHaveCount(0);
  await openRoles(security, name);
  await expect(row(security, "投诉受理岗")).toHaveCount(1);

  await member.reload();
  await member.getByRole("link", { name: "投诉与建议" }).click();
  await expect(member.getByRole("heading", { level: 1, name: "投诉与建议" })).toBeVisible();

  await choose(security, "投诉受理岗", "终止");
  await expect(security.getByRole("dialog").getByText(/不会自动转走/)).toBeVisible();
  await security.getByRole("textbox", { name: "理由" }).fill("分工又变了");
  await security.getByRole("button", { name: "马上终止" }).click();
  await expect(security.getByRole("dialog")).toHaveCount(0);
  await expect(row(security, "投诉受理岗")).toHaveCount(0);
  await member.reload();
  await expect(member.getByRole("heading", { name: "您看不到这一页" })).toBeVisible();
});

test("a deputy approves for the head, and the case says so", async ({ open }) => {
  const title = "宣传栏半年没有换";
  const number = await file(await open(phone), title);
  const address = `/complaints?q=${encodeURIComponent(number)}`;
  const handler = await open(desk);
  await signIn(handler, "handler", address);
  await handler.getByRole("link", { name: title }).click();
  await handler.locator("#actions").getByRole("button", { name: "受理", exact: true }).click();
  for (const part of ["您反映的事", "我们查到的", "我们的处理", "依据"]) {
    await handler.getByRole("textbox", { name: new RegExp(`^${part}`) }).fill("已经换上本学期的内容。");
  }
  await handler.getByRole("button", { name: "送审", exact: true }).click();
  await expect(handler.getByText("已送审")).toBeVisible();

  const member = await open(desk);
  await signIn(member, "member");
  const deputy = await nameOf(member);
  const head = await open(desk);
  await signIn(head, "unit_head");
  const holder = await nameOf(head);
  await openRoles(head, holder, "&is_deputy=false&role=unit_head");
  await choose(head, "单位负责人", "指定代理人");
  await pick(head, "代理人", deputy);
  const last = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(
    Date.now() + 3 * 86_400_000,
  );
  await head.getByLabel(/^结束日期/).fill(last);
  await head.getByRole("textbox", { name: "理由" }).fill("外出培训");
  await head.getByRole("dialog").getByRole("button", { name: "指定", exact: true }).click();
  await expect(head.getByRole("dialog")).toHaveCount(0);

  await member.goto(`/console${address}`);
  await settle(member);
  await member.getByRole("link", { name: title }).click();
  await member.getByRole("button", { name: "批准答复" }).click();
  await member.getByRole("dialog").getByRole("button", { name: "批准并发出" }).click();
  await expect(member.getByRole("heading", { name: "已发出的答复" })).toBeVisible();
  await expect(
    member.getByRole("region", { name: "经过" }).getByText(`${deputy} 代 ${holder}`).first(),
  ).toBeVisible();

  // Back again.
  await openRoles(head, deputy, "&is_deputy=true");
  await choose(head, "单位负责人", "终止");
  await head.getByRole("textbox", { name: "理由" }).fill("已经回来上班");
  await head.getByRole("button", { name: "马上终止" }).click();
  await expect(head.getByRole("dialog")).toHaveCount(0);
});
