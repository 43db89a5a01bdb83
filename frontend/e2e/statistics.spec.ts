import type { Locator } from "@playwright/test";
import { desk, expect, type Page, phone, settle, signIn, test } from "./support";

/** Last year in Shanghai: all of its days are over, whenever this runs. */
const YEAR = new Date(Date.now() + 8 * 3_600_000).getUTCFullYear() - 1;
const SLOW = 7;
const QUICK = 9;

const row = (ref: string, category: string, replied: string) =>
  `${ref},U${ref},统计用的${ref},${YEAR}-01-05 08:20:00,等答复。,已经答复。,${replied},${category}`;

/** Answered cases of two categories: one is answered after forty days, the other after three. */
function ledger(): Buffer {
  const rows = [
    "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间,分类",
    ...Array.from({ length: SLOW }, (_, n) => row(`S${n}`, "乱收费", `${YEAR}-02-14 10:00:00`)),
    ...Array.from({ length: QUICK }, (_, n) => row(`Q${n}`, "招生录取", `${YEAR}-01-08 10:00:00`)),
  ];
  return Buffer.from(`\uFEFF${rows.join("\n")}\n`);
}

async function importLedger(page: Page) {
  await signIn(page, "campaign_office", "/imports/new");
  await page
    .getByLabel("台账文件")
    .setInputFiles({ name: "带分类.csv", mimeType: "text/csv", buffer: ledger() });
  await page.getByRole("textbox", { name: "来源名称" }).fill("统计演示");
  await page.getByRole("button", { name: "试运行，先不写入" }).click();
  await page.getByRole("button", { name: `导入${SLOW + QUICK}行` }).click();
  await expect(page.getByText("导入完成。")).toBeVisible();
}

/** The cell of a row under a heading. */
async function cellUnder(table: Locator, row: Locator, heading: string): Promise<Locator> {
  const heads = await table.getByRole("columnheader").allInnerTexts();
  // The first heading stands over the row's own, which is no cell.
  return row.locator("td").nth(heads.findIndex((text) => text.trim() === heading) - 1);
}

async function nameOf(row: Locator): Promise<string> {
  return (await row.getByRole("rowheader").getByRole("link").innerText()).trim();
}

test("the office finds the slowest category of a year, and opens its cases", async ({ open }) => {
  const page = await open(desk);
  await importLedger(page);
  await page.getByRole("link", { name: "统计", exact: true }).click();
  await page.getByRole("button", { name: /^收到\s*今年$/ }).click();
  await page.getByRole("button", { name: "去年" }).click();
  await expect(page).toHaveURL(/period=last_year/);
  const table = page.getByRole("table");
  await table.getByRole("button", { name: "超15天" }).click();
  await expect(table.getByRole("columnheader", { name: "超15天" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
  await settle(page);
  const rows = table.locator("tbody tr");
  await expect(rows.first()).toContainText("合计");
  const worst = rows.nth(1);
  const outer = await nameOf(worst);
  await worst.getByRole("button", { name: `看下级：${outer}` }).click();
  await expect(page).toHaveURL(/category_id=/);
  await settle(page);
  const inner = await nameOf(worst);
  const late = (await cellUnder(table, worst, "超15天")).getByRole("link");
  const count = (await late.innerText()).trim();
  expect(Number(count)).toBeGreaterThan(0);
  await late.click();
  await expect(page.getByRole("status").filter({ hasText: `共${count}件` })).toBeVisible();
  await expect(page.getByRole("button", { name: new RegExp(`^分类\\s*${inner}$`) })).toBeVisible();
  await expect(page.getByRole("button", { name: /^答复用时\s*超过15天$/ })).toBeVisible();

  await page.goBack();
  await expect(table.getByRole("columnheader", { name: "超15天" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
});

test("on a phone the rows are cards, and a month opens what was ended in it", async ({ open }) => {
  const page = await open(phone);
  await signIn(page, "campaign_office", "/statistics?period=all&view=units");
  await expect(page.getByRole("heading", { level: 2, name: "按单位" })).toBeAttached();
  await page.getByRole("combobox", { name: "排序" }).selectOption("用时中位数");
  await expect(page).toHaveURL(/by=-median/);
  await settle(page);
  await page.getByRole("button", { name: "表", exact: true }).first().click();
  const ended = page.getByRole("table").first().locator("tbody td:last-child a").first();
  const count = (await ended.innerText()).trim();
  await ended.click();
  await expect(page.getByRole("status").filter({ hasText: `共${count}件` })).toBeVisible();
});
