import type { Locator } from "@playwright/test";
import { desk, expect, type Page, phone, settle, signIn, test } from "./support";

const YEAR = new Date().getFullYear();
const SLOW = 7;
const QUICK = 9;

/** This year's answered cases of two categories: one is answered after forty days, the other after three. */
function ledger(): Buffer {
  const row = (ref: string, category: string, replied: string) =>
    `${ref},U${ref},统计用的${ref},${YEAR}-01-05 08:20:00,等答复。,已经答复。,${replied},${category}`;
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

test("the office finds the slowest category of the year, and opens its cases", async ({ open }) => {
  const page = await open(desk);
  await importLedger(page);
  await page.getByRole("link", { name: "统计", exact: true }).click();
  await expect(page.getByRole("button", { name: /^收到\s*今年$/ })).toBeVisible();
  const table = page.getByRole("table");
  await table.getByRole("button", { name: "超15天" }).click();
  await expect(table.getByRole("columnheader", { name: "超15天" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
  await settle(page);
  const rows = table.locator("tbody tr");
  await expect(rows.first()).toContainText("合计");
  await expect(rows.nth(1).getByRole("rowheader")).toContainText("教育收费");

  await rows.nth(1).getByRole("button", { name: "看下级：教育收费" }).click();
  await expect(rows.nth(1).getByRole("rowheader")).toContainText("乱收费");
  await settle(page);
  const late = (await cellUnder(table, rows.nth(1), "超15天")).getByRole("link");
  // The demo county has some of its own.
  const count = Number(await late.innerText());
  expect(count).toBeGreaterThanOrEqual(SLOW);
  await late.click();
  await expect(page.getByRole("status").filter({ hasText: `共${count}件` })).toBeVisible();
  await expect(page.getByRole("button", { name: /^分类\s*乱收费$/ })).toBeVisible();
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
