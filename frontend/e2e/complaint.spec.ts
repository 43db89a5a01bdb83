import { desk, expect, type Page, phone, SCHOOL, signIn, test } from "./support";

const TITLE = "食堂菜谱两周没有更新";
const DECISION = "从今天起，每周五公布下一周的菜谱。";

test("a complaint from filing to a satisfied rating", async ({ open }) => {
  const resident = await open(phone);
  const code = await fileComplaint(resident);

  await follow(resident, code);
  await expect(resident.getByRole("heading", { name: TITLE })).toBeVisible();
  await expect(resident.getByRole("heading", { name: "教育局正在看内容，决定由谁来办" })).toBeVisible();
  const number = await resident.getByText(/^\d{4}-\d{6}-[0-9A-Z]$/).innerText();

  await answer(await open(desk), number);
  await resident.getByRole("button", { name: "看看有没有新进展" }).click();
  await expect(resident.getByRole("heading", { name: "答复已经写好，正等负责人审核" })).toBeVisible();
  await expect(resident.getByText(DECISION)).toHaveCount(0);

  await approve(await open(desk), number);
  await rate(resident);
});

async function fileComplaint(page: Page): Promise<string> {
  await page.goto("/");
  await page.getByRole("searchbox").fill("柳湾");
  await page.getByRole("button", { name: "查找" }).click();
  await page.getByRole("link", { name: SCHOOL }).click();
  await page.getByRole("link", { name: "投诉或建议" }).filter({ visible: true }).click();
  await page.getByRole("radio", { name: /^投诉/ }).check();
  await page.getByRole("textbox", { name: "一句话说是什么事" }).fill(TITLE);
  await page.getByRole("textbox", { name: "经过" }).fill("这两周食堂门口的菜谱没有换过，希望按周公布。");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^不留姓名/ }).check();
  await page.getByRole("button", { name: "下一步" }).click();
  await expect(page.getByText(SCHOOL)).toBeVisible();
  await page.getByRole("button", { name: "提交投诉" }).click();
  await expect(page.getByRole("heading", { name: "已经收到您的投诉" })).toBeVisible();
  const code = await page.getByText(/^([0-9A-Z]{4} ?){6}$/).innerText();
  await page.getByRole("button", { name: "我记好了，去看进度" }).click();
  return code;
}

async function follow(page: Page, code: string) {
  await expect(page.getByRole("heading", { name: TITLE })).toBeVisible();
  // Nothing of the case is left behind by a reload: only the code opens it.
  await page.reload();
  await page.getByRole("textbox", { name: "查询码" }).fill(code);
  await page.getByRole("button", { name: "查进度" }).click();
}

async function openCase(page: Page, role: string, number: string) {
  await signIn(page, role, `/complaints?q=${encodeURIComponent(number)}`);
  await page.getByRole("link", { name: TITLE }).click();
  await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
}

/** The handler accepts, writes the reply in its four parts and hands it in. */
async function answer(page: Page, number: string) {
  await openCase(page, "handler", number);
  await page.getByRole("button", { name: "受理", exact: true }).click();
  const parts = {
    您反映的事: "您反映食堂菜谱两周没有更新。",
    我们查到的: "11月9日以后没有换过菜谱，情况属实。",
    我们的处理: DECISION,
    依据: "学校食堂承诺书第三项。",
  };
  for (const [label, text] of Object.entries(parts)) {
    await page.getByRole("textbox", { name: new RegExp(`^${label}`) }).fill(text);
  }
  await page.getByRole("button", { name: "送审", exact: true }).click();
  await expect(page.getByText("已送审")).toBeVisible();
}

async function approve(page: Page, number: string) {
  await openCase(page, "unit_head", number);
  await page.getByRole("button", { name: "批准答复" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "批准并发出" }).click();
  await expect(page.getByRole("heading", { name: "已发出的答复" })).toBeVisible();
}

async function rate(page: Page) {
  await page.getByRole("button", { name: "看看有没有新进展" }).click();
  await expect(page.getByRole("heading", { name: "已经答复您，请看看满不满意" })).toBeVisible();
  await expect(page.getByText(DECISION)).toBeVisible();
  await page.getByRole("radio", { name: "满意", exact: true }).check();
  await page.getByRole("button", { name: "提交评价" }).click();
  await expect(page.getByText("您的评价：满意")).toBeVisible();
  await expect(page.getByRole("heading", { name: "这件事已经办结" })).toBeVisible();
}
