import { readFile } from "node:fs/promises";
import { desk, expect, type Page, settle, signIn, test } from "./support";

const HEADINGS = "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间";
const GOOD = 8;

/** A ledger as a county keeps it, with one date that is none. */
function ledger(): Buffer {
  const rows = Array.from({ length: GOOD }, (_, index) => {
    const number = index + 1;
    return `E2E${number},U${number},校车到站晚点第${number}件,2025-03-0${number} 08:20:00,校车连续几天晚点。,已经调整发车时间。,2025-03-1${number} 10:00:00`;
  });
  rows.push("E2E9,U9,日期写错的一件,2025年13月45日,看不懂的日期。,,");
  return Buffer.from(`\uFEFF${[HEADINGS, ...rows].join("\n")}\n`);
}

test("a ledger is tried, imported and counted, and each figure leads to what it counts", async ({ open }) => {
  const page = await open(desk);
  await signIn(page, "campaign_office", "/imports/new");
  await importLedger(page);
  await expect(page.getByText("导入完成。")).toBeVisible();
  await expectFigure(page, "新建", GOOD);
  await expectFigure(page, "有错，不导入", 1);
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(2);

  await page.getByRole("link", { name: "统计", exact: true }).click();
  await page.getByRole("button", { name: /^收到\s*今年$/ }).click();
  await page.getByRole("button", { name: "全部时间" }).click();
  await expect(page).toHaveURL(/period=all/);
  await settle(page);
  await expectSameNumber(page, "收到");
  await page.goBack();
  await expectSameNumber(page, "现超期");
  await page.goBack();
  await expectSameNumber(page, "已答复");

  await page.goto("/console/complaints?channel=import");
  await expect(page.getByRole("link", { name: "校车到站晚点第1件" })).toBeVisible();
  await expectExport(page);
});

/** The file holds the whole list, and goes by a name that says what it is. */
async function expectExport(page: Page) {
  const total = /共([\d,]+)件/.exec(
    await page.getByRole("status").filter({ hasText: "共" }).innerText(),
  )?.[1];
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "导出列表" }).click();
  await page.getByRole("menuitem", { name: "CSV（UTF-8）" }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toMatch(/^办件-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  expect(lines[0]).toContain("编号,事由,种类");
  expect(lines).toHaveLength(Number(total?.replaceAll(",", "")) + 1);
}

async function importLedger(page: Page) {
  await page
    .getByLabel("台账文件")
    .setInputFiles({ name: "县长信箱.csv", mimeType: "text/csv", buffer: ledger() });
  await expect(page.getByText("要有的列都找到了。")).toBeVisible();
  await page.getByRole("textbox", { name: "来源名称" }).fill("县长信箱");
  await page.getByRole("button", { name: "试运行，先不写入" }).click();
  await expect(page.getByText("这只是试运行，还没有写入任何一条。")).toBeVisible();
  await expectFigure(page, "将新建", GOOD);
  await expectFigure(page, "有错，不导入", 1);
  await page.getByRole("button", { name: `导入其余${GOOD}行` }).click();
}

async function expectFigure(page: Page, label: string, value: number) {
  const figure = page.locator("dl div").filter({ has: page.getByRole("term").filter({ hasText: label }) });
  await expect(figure.getByRole("definition")).toHaveText(String(value));
}

/** The figure of the statistics, pressed, opens a list of just as many. */
async function expectSameNumber(page: Page, label: string) {
  const figure = page
    .getByRole("main")
    .getByRole("link", { name: new RegExp(`^${label}`) })
    .first();
  const number = (await figure.locator("b").innerText()).trim();
  expect(Number(number.replaceAll(",", ""))).toBeGreaterThan(0);
  await figure.click();
  await expect(page.getByRole("heading", { level: 1, name: "投诉与建议" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: `共${number}件` })).toBeVisible();
}
