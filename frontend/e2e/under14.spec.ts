import { expect, expectSound, phone, SCHOOL, settle, test } from "./support";

const TITLE = "操场的单杠松了";

test("a child files without a name and without anybody's consent, or with a guardian's", async ({ open }) => {
  const page = await open(phone);
  await page.goto("/complain");
  await page.locator("#unit_id").fill(SCHOOL);
  await page.locator(".choices button").first().click();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^投诉/ }).check();
  await page.getByRole("textbox", { name: "一句话说是什么事" }).fill(TITLE);
  await page.getByRole("textbox", { name: "经过" }).fill("我们玩的时候它会晃，老师说要修，还没有修。");
  await page.getByRole("button", { name: "下一步" }).click();
  const isYoung = page.getByRole("checkbox", { name: "我未满14周岁" });
  // Who leaves no name is asked nothing.
  await page.getByRole("radio", { name: /^不留姓名/ }).check();
  await expect(isYoung).toHaveCount(0);
  await page.getByRole("radio", { name: /^留姓名/ }).check();
  await page.getByRole("textbox", { name: "姓名" }).fill("小刘");
  await isYoung.check();
  await expect(page.getByText(/马上打110/)).toBeVisible();
  await page.getByRole("button", { name: "下一步" }).click();
  await expect(page.getByText("要监护人同意才能留姓名；也可以改选不留姓名").first()).toBeVisible();
  await settle(page);
  await expectSound(page, "under 14, consent missing: phone");
  await page.getByRole("textbox", { name: "大人的姓名" }).fill("刘女士");
  await page.getByRole("combobox", { name: "是孩子的" }).selectOption({ label: "祖父母或外祖父母" });
  await page.getByRole("checkbox", { name: /^我是监护人，我同意/ }).check();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "提交投诉" }).click();
  await expect(page.getByRole("heading", { name: "已经收到您的投诉" })).toBeVisible();
});
