import { desk, expect, type Page, phone, settle, signIn, test } from "./support";

/** A new school below the county, whose page the browser is on then. */
async function addSchool(page: Page, name: string) {
  await page.goto("/console/units");
  await settle(page);
  await page.locator(".tree .nm").first().click();
  await page.locator(".sidecard").getByRole("button", { name: "新建下级" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("textbox", { name: "名称", exact: true }).fill(name);
  await drawer.getByRole("button", { name: "新建" }).click();
  await expect(page.locator("h2#unit-head")).toHaveText(name);
}

test("a school is merged: its page and its cases lead to the one in its place", async ({ open }) => {
  const [old, next] = ["东岭村小学", "东岭中心小学"];
  const admin = await open(desk);
  await signIn(admin, "admin", "/units");
  await addSchool(admin, next);
  await addSchool(admin, old);
  const id = new URL(admin.url()).searchParams.get("unit") ?? "";

  // Somebody looks at the old one.
  const citizen = await open({ ...phone, locale: "zh-CN" });
  await citizen.goto(`/units/${id}`);
  await settle(citizen);
  await expect(citizen.getByRole("heading", { name: old })).toBeVisible();

  const card = admin.locator(".sidecard");
  await card.getByRole("button", { name: "合并" }).click();
  const drawer = admin.getByRole("dialog");
  // By the initials of its pinyin.
  await drawer.getByRole("combobox", { name: "并入哪个单位" }).fill("dlzxxx");
  await admin.locator(".ant-select-item-option:visible", { hasText: next }).first().click();
  await drawer.getByRole("button", { name: "先看看会怎样" }).click();
  await expect(drawer.getByRole("alert")).toBeVisible();
  await drawer.getByRole("textbox", { name: "理由" }).fill("学校布局调整");
  await drawer.getByRole("button", { name: "先看看会怎样" }).click();
  await expect(drawer.getByText("还没有做，下面是会怎样。")).toBeVisible();
  await drawer.getByRole("button", { name: "确认合并" }).click();
  await expect(admin.getByText("已经办好，原单位已撤销。")).toBeVisible();
  await admin.getByRole("button", { name: "知道了" }).click();
  await expect(card.getByText("已并入")).toBeVisible();

  // A public page may be a second old.
  await expect(async () => {
    await citizen.reload();
    await expect(citizen.getByText(/已并入下面的单位/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await citizen.locator("main").getByRole("link", { name: next }).click();
  await settle(citizen);
  await expect(citizen.getByRole("heading", { name: next })).toBeVisible();
  await citizen.getByText("前身").click();
  await expect(citizen.getByRole("link", { name: old })).toBeVisible();
});
