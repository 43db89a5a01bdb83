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

/** Cells by the headings of a template, which stand in its first line. */
function filled(headings: string[], rows: Record<string, string>[]): Buffer {
  const lines = rows.map((row) => headings.map((heading) => row[heading] ?? "").join(","));
  return Buffer.from(`\uFEFF${[headings.join(","), ...lines].join("\r\n")}\r\n`);
}

/** A school and what is below it; what is above stands last. */
function units() {
  const offices = Array.from({ length: 11 }, (_, index) => ({
    单位名称: `东岭中学第${index + 1}年级组`,
    类型: "股室",
    上级单位: "E2E-1",
  }));
  const school = { 单位编码: "E2E-1", 单位名称: "东岭中学", 类型: "学校", 上级单位: "清河县教育局" };
  return [...offices, school];
}

const BROKEN = 3;

/** Sixty members, three of whom can't be taken: a school that is none, a word that is no answer, a number that stands twice. */
function staff(isCorrected: boolean) {
  return Array.from({ length: 60 }, (_, index) => {
    const row = {
      工号: `E2E${index + 1}`,
      姓名: `名册成员${index + 1}`,
      单位: `东岭中学第${(index % 11) + 1}年级组`,
      职务: "教师",
      是否党员: index % 4 === 0 ? "是" : "否",
    };
    if (isCorrected) return row;
    if (index === 4) return { ...row, 单位: "东岭中字" };
    if (index === 9) return { ...row, 是否党员: "也许" };
    if (index === 59) return { ...row, 工号: "E2E1" };
    return row;
  });
}

test("units and members come from lists, are corrected, taken out, and taken in again without a change", async ({
  open,
}) => {
  const page = await open(desk);
  await signIn(page, "admin", "/units");
  await page.getByRole("link", { name: "导入单位" }).click();
  const unitHeadings = await template(page);
  await tryList(page, "单位.csv", filled(unitHeadings, units()));
  await expectFigure(page, "将新建", 12);
  await expect(page.getByRole("row", { name: /东岭中学第1年级组/ })).toBeVisible();
  await page.getByRole("button", { name: "导入12行" }).click();
  await expect(page.getByText("导入完成。")).toBeVisible();
  await expectFigure(page, "新建", 12);
  await page.getByRole("link", { name: "看单位" }).click();
  await page.getByRole("searchbox", { name: "找单位" }).fill("e2e-1");
  await page.getByRole("button", { name: "东岭中学", exact: true }).click();
  await expect(page.locator("#unit-head")).toHaveText("东岭中学");

  await page.goto("/console/members");
  await page.getByRole("link", { name: "导入成员" }).click();
  const headings = await template(page);
  await tryList(page, "教师名单.csv", filled(headings, staff(false)));
  await expectFigure(page, "将新建", 60 - BROKEN);
  await expectFigure(page, "有错，不导入", BROKEN);
  await page.getByRole("button", { name: `导入其余${60 - BROKEN}行` }).click();
  await expect(page.getByText("导入完成。")).toBeVisible();
  await expect(page.locator("table.errors tbody tr")).toHaveCount(BROKEN);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: /下载错误表/ }).click();
  expect((await downloading).suggestedFilename()).toBe("教师名单-错误表.xlsx");

  await page.getByRole("link", { name: "再导一份" }).click();
  await tryList(page, "教师名单.csv", filled(headings, staff(true)));
  await expectFigure(page, "将新建", BROKEN);
  await expectFigure(page, "没有变化", 60 - BROKEN);
  await page.getByRole("button", { name: "导入60行" }).click();
  await expect(page.getByText("导入完成。")).toBeVisible();

  await page.goto("/console/members?q=名册成员");
  await expect(page.getByRole("row", { name: /名册成员/ }).first()).toBeVisible();
  const list = await exported(page);
  await page.getByRole("link", { name: "导入成员" }).click();
  await tryList(page, "成员.csv", list);
  await expectFigure(page, "没有变化", 60);
  await expectFigure(page, "将新建", 0);
  await expectFigure(page, "将更新", 0);
  await page.goto("/console/imports");
  await page.getByRole("combobox", { name: "导入的是" }).selectOption("单位");
  await expect(page.getByRole("listitem").filter({ hasText: "单位.csv" }).first()).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "教师名单.csv" })).toHaveCount(0);
});

/** The headings of the empty list. */
async function template(page: Page): Promise<string[]> {
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "下载导入表（CSV）" }).click();
  const text = await readFile(await (await downloading).path(), "utf8");
  const headings = text.replace("\uFEFF", "").trim().split(",");
  expect(headings.length).toBeGreaterThan(7);
  return headings;
}

async function tryList(page: Page, name: string, buffer: Buffer) {
  await page.getByLabel("要导入的文件").setInputFiles({ name, mimeType: "text/csv", buffer });
  await expect(page.getByText("要有的列都找到了。")).toBeVisible();
  await page.getByRole("button", { name: "试运行，先不写入" }).click();
  await expect(page.getByText("这只是试运行，还没有写入任何一条。")).toBeVisible();
}

async function exported(page: Page): Promise<Buffer> {
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "导出列表" }).click();
  await page.getByRole("menuitem", { name: "CSV（UTF-8）" }).click();
  return readFile(await (await downloading).path());
}

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
