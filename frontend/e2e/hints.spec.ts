import { expect, expectSound, phone, SCHOOL, settle, signIn, test } from "./support";

test("a text that says who somebody is gets a hint, which sends nothing and can be passed over", async ({
  open,
}) => {
  const page = await open(phone);
  await page.goto("/complain");
  await page.locator("#unit_id").fill(SCHOOL);
  await page.locator(".choices button").first().click();
  await page.getByRole("button", { name: "下一步" }).click();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  await page.getByRole("textbox", { name: "经过" }).fill("学生陈思远被罚站，请打 139 0000 0000。");
  await expect(page.getByText("像是电话号码：139 0000 0000")).toBeVisible();
  await expect(page.getByText("像是说出了是哪个孩子：陈思远")).toBeVisible();
  await settle(page);
  await expectSound(page, "hints below a text: phone");
  await page.getByRole("button", { name: "去掉：139 0000 0000" }).click();
  await expect(page.getByRole("textbox", { name: "经过" })).toHaveValue(
    "学生陈思远被罚站，请打 （电话已略）。",
  );
  await page.getByRole("button", { name: "留着：陈思远" }).click();
  await expect(page.getByText(/像是/)).toHaveCount(0);
  expect(sent.filter((request) => request.includes("139 0000") || request.includes("陈思远"))).toEqual([]);
});

test("a reply that names a child gets the same hint", async ({ open }) => {
  const page = await open(phone);
  await signIn(page, "handler", "/complaints?state=accepted");
  await page.locator("a.card").first().click();
  const facts = page.locator("#part-facts");
  await facts.fill("经核实，学生陈思远的座位已经调整。办公室电话0571-86000000。");
  await expect(page.getByText("像是说出了是哪个孩子：陈思远")).toBeVisible();
  await expect(page.getByText(/像是电话号码/)).toHaveCount(0);
  await page.getByRole("button", { name: "去掉：陈思远" }).click();
  await expect(facts).toHaveValue("经核实，学生某某的座位已经调整。办公室电话0571-86000000。");
  await page.getByRole("button", { name: "恢复" }).click();
  await expect(facts).toHaveValue(/陈思远/);
});
