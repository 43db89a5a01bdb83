import { desk, expect, type Page, phone, SCHOOL, settle, signIn, test } from "./support";

const actions = (page: Page) => page.locator("#actions");

async function more(page: Page, name: string) {
  const rest = actions(page).locator("details.more");
  if ((await rest.getAttribute("open")) === null) await rest.locator("summary").click();
  await actions(page).getByRole("button", { name, exact: true }).click();
}

/** The newest case that still waits to be taken, filed as anybody would. */
async function file(page: Page, title: string): Promise<string> {
  await page.goto("/complain");
  await page.getByRole("radio", { name: "我知道是哪个单位" }).check();
  await page.locator("#unit_id").fill(SCHOOL);
  await page.locator(".choices button").first().click();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^投诉/ }).check();
  await page.getByRole("textbox", { name: "一句话说是什么事" }).fill(title);
  await page.getByRole("textbox", { name: "经过" }).fill("这几天放学都这样，请管一管。");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^不留姓名/ }).check();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "提交投诉" }).click();
  await page.getByRole("button", { name: "我记好了，去看进度" }).click();
  return page.getByText(/^\d{4}-\d{6}-[0-9A-Z]$/).innerText();
}

async function openCase(page: Page, role: string, number: string, title: string) {
  await signIn(page, role, `/complaints?q=${encodeURIComponent(number)}`);
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await settle(page);
}

test("a leader supervises, the school reports, and an answer lifts nothing", async ({ open }) => {
  const title = "校门口的路灯坏了一周";
  const number = await file(await open(phone), title);
  const leader = await open(desk);
  await openCase(leader, "leader", number, title);
  await more(leader, "督办");
  await leader.getByRole("textbox", { name: "为什么督办" }).fill("家长反映集中，请限期办结。");
  await leader.getByRole("spinbutton", { name: /^几个工作日报告一次/ }).fill("2");
  await leader.getByRole("dialog").getByRole("button", { name: "督办", exact: true }).click();
  await expect(leader.locator(".strips").getByText(/每2个工作日一次/)).toBeVisible();

  const handler = await open(desk);
  await openCase(handler, "handler", number, title);
  await handler.locator(".strips").getByRole("button", { name: "报告督办进展" }).click();
  await handler.getByRole("textbox", { name: /^办到哪一步了/ }).fill("已联系供电所，明天上午更换。");
  await handler.getByRole("dialog").getByRole("button", { name: "报告", exact: true }).click();
  await expect(handler.locator(".reports").getByText("已联系供电所，明天上午更换。")).toBeVisible();

  await leader.goto("/console/");
  await expect(leader.getByRole("heading", { level: 2, name: "我的督办件" })).toBeVisible();
  await leader.goto("/console/notices");
  await expect(leader.getByText("督办件有了报告").first()).toBeVisible();
  await leader.goto(`/console/complaints?q=${number}`);
  await leader.getByRole("link", { name: title }).click();
  await leader.locator(".strips").getByRole("button", { name: "解除督办" }).click();
  await leader.getByRole("textbox", { name: "为什么解除" }).fill("已经换好。");
  await leader.getByRole("dialog").getByRole("button", { name: "解除", exact: true }).click();
  await expect(leader.locator(".strips")).toHaveCount(0);
  await expect(leader.getByRole("region", { name: "经过" }).getByText("解除督办")).toBeVisible();
});

test("a proposed notice is decided, and the number of a unit opens its list", async ({ open }) => {
  const page = await open(desk);
  await signIn(page, "campaign_office", "/cards?state=proposed");
  const decide = page.getByRole("button", { name: /^不通报/ }).first();
  await decide.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /^为什么不通报/ }).fill("已当面约谈，限期整改。");
  await dialog.locator(".ant-btn-primary").click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.goto("/console/cards?state=dropped");
  await expect(page.getByText("已当面约谈，限期整改。").first()).toBeVisible();
  await page.goto("/console/cards");
  const number = page.locator(".rail td a").first();
  const count = Number(await number.innerText());
  await number.click();
  await expect(page.locator("h1 + .m")).toHaveText(`${count}张`);
});

test("an alarm shows on the duty's screen within seconds, until the case is opened", async ({ open }) => {
  const title = "有孩子被锁在校车里";
  const number = await file(await open(phone), title);
  const leader = await open(desk);
  await signIn(leader, "leader", "/statistics");
  await settle(leader);
  const handler = await open(desk);
  await openCase(handler, "handler", number, title);
  await more(handler, "标为紧急");
  await handler.getByRole("textbox", { name: /^有什么危险/ }).fill("孩子还在车里，司机联系不上。");
  await handler.getByRole("dialog").getByRole("button", { name: "标为紧急" }).click();
  const banner = leader.locator(".banner.alarm");
  await expect(banner).toBeVisible({ timeout: 20_000 });
  await banner.getByRole("link", { name: "马上打开" }).click();
  await expect(leader.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(banner).toHaveCount(0);
});
