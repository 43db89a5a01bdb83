import { desk, expect, type Page, phone, SCHOOL, settle, signIn, test } from "./support";

// The pictures of the README, from the demo county; taken on demand: PICTURES=1 npm run e2e -- pictures

const small = { ...desk, viewport: { width: 1280, height: 800 } };
const OPEN = "received,accepted,assigned,objected,in_handling,waiting,reply_drafted,redoing";

async function take(page: Page, name: string) {
  await settle(page);
  await page.screenshot({ path: `../docs/images/${name}.png` });
}

test("pictures: the public pages", async ({ open }) => {
  const page = await open(desk);
  await page.goto("/");
  await take(page, "home");
});

test("pictures: a case as its complainant follows it", async ({ open }) => {
  const page = await open({ ...phone, viewport: { width: 390, height: 780 }, deviceScaleFactor: 1.5 });
  await page.goto("/complain");
  await page.locator("#unit_id").fill(SCHOOL);
  await page.locator(".choices button").first().click();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^投诉/ }).check();
  await page.getByRole("textbox", { name: "一句话说是什么事" }).fill("食堂菜谱两周没有更新");
  await page
    .getByRole("textbox", { name: "经过" })
    .fill("这两周食堂门口的菜谱没有换过，希望每天的菜谱能当天公布。");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^不留姓名/ }).check();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "提交投诉" }).click();
  await page.getByRole("button", { name: "我记好了，去看进度" }).click();
  await page.getByText("这个日期怎么算的").click();
  await take(page, "follow");
});

test("pictures: the console", async ({ open }) => {
  const office = await open({ ...desk, viewport: { width: 1440, height: 800 } });
  await signIn(office, "campaign_office", `/complaints?state=${OPEN}&sort=due_at`);
  await expect(office.getByRole("table")).toBeVisible();
  await take(office, "queue");
  await office.goto("/console/statistics");
  await take(office, "statistics");
  const handler = await open(small);
  await signIn(handler, "handler", "/complaints?state=in_handling&sort=due_at");
  await handler.locator('main a[href^="/console/complaints/"]').first().click();
  await expect(handler.locator("#actions")).toBeVisible();
  await take(handler, "case");
});
