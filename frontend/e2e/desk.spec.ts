import { desk, expect, type Page, phone, SCHOOL, settle, signIn, test } from "./support";

const BODY = "放学时校门口的路被堵住，孩子只能走到马路中间。";

/** Files about the demo school as anybody would; gives the receipt code and the number. */
async function fileAbout(page: Page, title: string): Promise<{ code: string; number: string }> {
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
  const code = await page.getByText(/^([0-9A-Z]{4} ?){6}$/).innerText();
  await page.getByRole("button", { name: "我记好了，去看进度" }).click();
  const number = await page.getByText(/^\d{4}-\d{6}-[0-9A-Z]$/).innerText();
  return { code, number };
}

async function openCase(page: Page, role: string, number: string, title: string) {
  await signIn(page, role, `/complaints?q=${encodeURIComponent(number)}`);
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await settle(page);
}

const actions = (page: Page) => page.locator("#actions");

async function more(page: Page, name: string) {
  await actions(page).locator("details.more summary").click();
  await actions(page).getByRole("button", { name, exact: true }).click();
}

test("a late handler is reminded, and the reminder leads to the case", async ({ open }) => {
  const page = await open(desk);
  await signIn(page, "handler");
  const bell = page.getByRole("banner").getByRole("link", { name: /^提醒，\d+条未读$/ });
  await bell.click();
  await expect(page.getByRole("heading", { level: 1, name: "提醒" })).toBeVisible();
  const late = page.locator(".notice", { hasText: /牌|快到期/ }).first();
  const link = late.getByRole("link").first();
  const title = await link.innerText();
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByRole("region", { name: "经过" }).getByText("催办").first()).toBeVisible();
});

test("an objection is settled: the case goes to the unit whose it is", async ({ open }) => {
  const title = "校门口的路被堵住";
  const { number } = await fileAbout(await open(phone), title);
  const office = await open(desk);
  await openCase(office, "campaign_office", number, title);
  await actions(office).getByRole("button", { name: "受理", exact: true }).click();
  await actions(office).getByRole("button", { name: "交办", exact: true }).click();
  await office.getByRole("dialog").getByRole("button", { name: "交办", exact: true }).click();
  await expect(office.getByRole("dialog")).toHaveCount(0);

  const handler = await open(desk);
  await openCase(handler, "handler", number, title);
  await more(handler, "提出异议");
  await handler.getByRole("textbox", { name: "为什么不归本单位办" }).fill("校门外的路归综合股协调交警部门。");
  await handler.getByRole("dialog").getByRole("button", { name: "提出异议" }).click();
  await expect(handler.getByText("有异议").first()).toBeVisible();

  await office.goto("/console/");
  await expect(office.getByRole("heading", { level: 2, name: /等处理的异议/ })).toBeVisible();
  await office.getByRole("link", { name: title }).first().click();
  await actions(office).getByRole("button", { name: "交办", exact: true }).click();
  const drawer = office.getByRole("dialog");
  await drawer.getByRole("combobox", { name: "承办单位" }).fill("股");
  await office.locator(".ant-select-item-option").first().click();
  await drawer.getByRole("button", { name: "交办", exact: true }).click();
  await expect(office.getByText("异议成立")).toBeVisible();
  await handler.reload();
  await expect(handler.getByText(/找不到/).first()).toBeVisible();
});

/** Fills the four parts of an answer, and hands it in. */
async function answer(handler: Page, text: string) {
  for (const part of ["您反映的事", "我们查到的", "我们的处理", "依据"]) {
    await handler.getByRole("textbox", { name: new RegExp(`^${part}`) }).fill(text);
  }
  await handler.getByRole("button", { name: "送审", exact: true }).click();
  await expect(handler.getByText("已送审")).toBeVisible();
}

async function approve(head: Page) {
  await head.getByRole("button", { name: "批准答复" }).click();
  await head.getByRole("dialog").getByRole("button", { name: "批准并发出" }).click();
  await expect(head.getByRole("dialog")).toHaveCount(0);
}

test("a resident who is not satisfied gets another handler, who answers anew", async ({ open }) => {
  const title = "放学没有人疏导";
  const resident = await open(phone);
  const { number } = await fileAbout(resident, title);
  const handler = await open(desk);
  await openCase(handler, "handler", number, title);
  await actions(handler).getByRole("button", { name: "受理", exact: true }).click();
  await handler.getByRole("combobox", { name: "套用模板" }).selectOption("情况属实，已经整改");
  await expect(handler.getByRole("textbox", { name: /^我们查到的/ })).toHaveValue(/^经清河县柳湾小学查实/);
  await answer(handler, "已安排值周老师。");
  const head = await open(desk);
  await openCase(head, "unit_head", number, title);
  await approve(head);
  await expect(head.getByRole("heading", { name: "已发出的答复" })).toBeVisible();

  await resident.getByRole("button", { name: "看看有没有新进展" }).click();
  await resident.getByRole("radio", { name: "不满意", exact: true }).check();
  await resident.getByRole("button", { name: "提交评价" }).click();
  await resident.getByRole("textbox", { name: "哪里还没有解决？" }).fill("第二天还是没有人。");
  await resident.getByRole("button", { name: "要求重新办理" }).click();
  await expect(resident.getByText("您要求重新办理")).toBeVisible();

  const second = await open(desk);
  await signIn(second, "handler2");
  const name = await second.locator(".mn").innerText();
  await head.reload();
  await expect(head.getByText("第二天还是没有人。")).toBeVisible();
  await actions(head).getByRole("button", { name: "交办", exact: true }).click();
  const drawer = head.getByRole("dialog");
  await expect(drawer.getByText("投诉人要求换人办")).toBeVisible();
  await drawer.getByRole("radio", { name: new RegExp(name) }).check();
  await drawer.getByRole("button", { name: "交办", exact: true }).click();
  await expect(head.getByRole("dialog")).toHaveCount(0);
  await expect(head.getByText("重办中").first()).toBeVisible();
  await handler.reload();
  await expect(handler.getByText(/不能再由/)).toBeVisible();

  await openCase(second, "handler2", number, title);
  await answer(second, "每天放学由两位老师在校门口疏导，第一周校长到场。");
  await head.reload();
  await approve(head);
  await resident.getByRole("button", { name: "看看有没有新进展" }).click();
  await expect(resident.getByText("第一周校长到场").first()).toBeVisible();
  await resident.getByRole("radio", { name: "满意", exact: true }).check();
  await resident.getByRole("button", { name: "提交评价" }).click();
  await expect(resident.getByText("您的评价：满意")).toBeVisible();
  // It is done again once.
  await expect(resident.getByRole("button", { name: "要求重新办理" })).toHaveCount(0);
  await head.reload();
  await expect(head.getByText("办结").first()).toBeVisible();
});
