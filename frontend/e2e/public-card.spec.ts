import { desk, expect, phone, SCHOOL, settle, signIn, test } from "./support";

test("a head has somebody's name shown, and the public finds it on the unit's page", async ({ open }) => {
  const head = await open({ ...desk, locale: "zh-CN" });
  await signIn(head, "unit_head", "/members");
  await settle(head);
  const more = head.getByRole("button", { name: /，更多$/ }).first();
  const name = (await more.getAttribute("aria-label"))?.replace("，更多", "") ?? "";
  await more.click();
  await head.getByRole("menuitem", { name: "亮身份" }).click();
  const drawer = head.getByRole("dialog");
  await drawer.getByRole("checkbox", { name: "在单位公开页上亮身份" }).check();
  await expect(drawer.getByRole("status")).toContainText(name);
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer).toHaveCount(0);

  // By initials, as somebody types who is in a hurry; the county has other schools of such names.
  const citizen = await open({ ...phone, locale: "zh-CN" });
  await citizen.goto("/units?q=qhxlwxx");
  await settle(citizen);
  await citizen.getByRole("link", { name: SCHOOL, exact: true }).click();
  const people = citizen.getByRole("region", { name: "这里的工作人员" });
  await expect(async () => {
    await citizen.reload();
    await expect(people).toContainText(name, { timeout: 1_000 });
  }).toPass();
  await expect(people).not.toContainText(/T\d{4}/);
});
