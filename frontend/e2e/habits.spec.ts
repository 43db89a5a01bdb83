import { desk, expect, type Page, phone, SCHOOL, settle, signIn, test } from "./support";

// What people at a desk do without thinking: keys, the back button, a second tab, a second press, a lost connection.

const rowsOf = (page: Page) => page.getByRole("table").locator("tbody tr");

test("the queue is worked by keys, and is as it was when one comes back", async ({ open }) => {
  const page = await open(desk);
  await signIn(page, "campaign_office", "/complaints?kind=grievance&sort=-received_at");
  await settle(page);
  const second = await rowsOf(page).nth(1).getByRole("link").innerText();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(rowsOf(page).nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("k");
  await expect(rowsOf(page).first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: second.trim() })).toBeVisible();
  await settle(page);
  // In the case the same keys go on to its neighbours, and "u" back to the list.
  await page.keyboard.press("j");
  await expect(page.getByText(/^第3件/)).toBeVisible();
  await page.keyboard.press("u");
  await expect(page).toHaveURL(/kind=grievance&sort=-received_at/);
  await expect(page.getByRole("button", { name: /^种类\s*投诉$/ })).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "在结果里找" })).toBeFocused();
  await page.keyboard.type("j");
  await expect(page.getByRole("searchbox", { name: "在结果里找" })).toHaveValue("j");
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "键盘按键" })).toBeVisible();
});

test("a view is saved, found after a reload, and shared by its address", async ({ open }) => {
  const office = await open(desk);
  await signIn(office, "campaign_office", "/complaints");
  await settle(office);
  await office.getByRole("button", { name: "更多筛选" }).click();
  await office.getByRole("button", { name: /^渠道/ }).click();
  await office.getByRole("menuitem", { name: "电话" }).click();
  await expect(office).toHaveURL(/channel=phone/);
  await office.getByRole("button", { name: "存为视图" }).click();
  await office.getByRole("textbox", { name: "视图名称" }).fill("只看来电");
  await office.getByRole("button", { name: "存", exact: true }).click();
  const tab = office.getByRole("navigation", { name: "视图" }).getByRole("link", { name: "只看来电" });
  await expect(tab).toBeVisible();
  await office.goto("/console/complaints");
  await tab.click();
  await expect(office).toHaveURL(/channel=phone/);
  await expect(tab).toHaveAttribute("aria-current", "true");

  // The address says all of it: a colleague sees the same list, of what is theirs to see.
  const { pathname, search } = new URL(office.url());
  const colleague = await open(desk);
  await signIn(colleague, "handler", pathname.replace("/console", "") + search);
  await expect(colleague.getByRole("button", { name: /^渠道\s*电话$/ })).toBeVisible();
  await expect(colleague.getByRole("link", { name: "只看来电" })).toHaveCount(0);
  await office.getByRole("button", { name: "删掉视图只看来电" }).click();
  await expect(tab).toHaveCount(0);
});

/** Files about the demo school, and gives the number. */
async function file(page: Page, title: string): Promise<string> {
  await page.goto("/complain");
  await page.locator("#unit_id").fill(SCHOOL);
  await page.locator(".choices button").first().click();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^投诉/ }).check();
  await page.getByRole("textbox", { name: "一句话说是什么事" }).fill(title);
  await page.getByRole("textbox", { name: "经过" }).fill("午饭送到班里已经凉了。");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^不留姓名/ }).check();
  await page.getByRole("button", { name: "下一步" }).click();
  // Pressed twice, as impatient people do: one case.
  await page.getByRole("button", { name: "提交投诉" }).dblclick();
  await page.getByRole("button", { name: "我记好了，去看进度" }).click();
  return page.getByText(/^\d{4}-\d{6}-[0-9A-Z]$/).innerText();
}

async function openCase(page: Page, title: string) {
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await settle(page);
}

test("a draft outlives a lost connection, a reload and a second tab; a second press sends nothing twice", async ({
  open,
}) => {
  const title = "午饭送到班里已经凉了";
  const number = await file(await open(phone), title);
  const page = await open(desk);
  await signIn(page, "handler", `/complaints?q=${encodeURIComponent(title)}`);
  await settle(page);
  await expect(page.getByRole("status").filter({ hasText: "共1件" })).toBeVisible();
  await expect(page.getByText(number)).toBeVisible();
  await openCase(page, title);
  await page.getByRole("button", { name: "受理", exact: true }).click();
  const part = (of: Page, name: string) => of.getByRole("textbox", { name: new RegExp(`^${name}`) });
  await expect(part(page, "我们查到的")).toBeVisible();

  const other = await page.context().newPage();
  await other.goto(page.url());
  await settle(other);

  await page.context().setOffline(true);
  await part(page, "我们查到的").fill("送餐车绕行，多用了十四分钟。");
  await page.getByRole("button", { name: "存草稿" }).click();
  await expect(page.getByText("没有连上服务器")).toBeVisible();
  await page.context().setOffline(false);
  await page.reload();
  await expect(part(page, "我们查到的")).toHaveValue("送餐车绕行，多用了十四分钟。");
  await page.getByRole("button", { name: "存草稿" }).click();
  await expect(page.getByText("草稿", { exact: true })).toBeVisible();

  // The other tab still shows the state before: its text stands beside the newer one, and nothing is overwritten.
  await part(other, "我们查到的").fill("当天气温低，保温箱坏了一只。");
  await other.getByRole("button", { name: "存草稿" }).click();
  await expect(other.getByRole("heading", { name: "您写的" })).toBeVisible();
  await expect(other.getByRole("heading", { name: "现在的" })).toBeVisible();
  await other.getByRole("radio", { name: "用您写的" }).check();
  await other.getByRole("button", { name: "合在一起，接着写" }).click();
  for (const name of ["您反映的事", "我们的处理", "依据"]) await part(other, name).fill("见检查记录。");
  await expect(part(other, "我们查到的")).toHaveValue("当天气温低，保温箱坏了一只。");
  await other.getByRole("button", { name: "送审", exact: true }).dblclick();
  await expect(other.getByText("已送审")).toBeVisible();
  await other.reload();
  const history = other.getByRole("region", { name: "经过" });
  await expect(history.getByText("答复送审")).toHaveCount(1);
});
