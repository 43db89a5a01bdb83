import { desk, expect, expectSound, type Page, phone, SCHOOL, settle, signIn, test } from "./support";

const TITLE = "有人在校门口跟着孩子走";
const NAME = "刘女士";
const PHONE = "0000-5550168";

test("who filed a case is opened by two inspectors, and the complainant is told", async ({ open }) => {
  test.slow();
  const resident = await open(phone);
  const code = await fileNamed(resident);

  const first = await open(desk);
  await signIn(first, "inspector", `/complaints?q=${encodeURIComponent(TITLE)}`);
  await first.getByRole("link", { name: TITLE }).click();
  const card = first.getByRole("region", { name: "投诉人身份" });
  await card.getByRole("button", { name: "申请查看" }).click();
  const ask = first.getByRole("dialog");
  await ask.getByRole("combobox", { name: "原因" }).selectOption({ label: "有人可能有危险" });
  await ask.getByRole("textbox", { name: "为什么" }).fill("要马上打电话问清楚孩子在哪里。");
  await ask.getByRole("button", { name: "提交申请" }).click();
  await expect(ask).toHaveCount(0);
  // Whoever asked answers nothing, and sees nothing yet.
  await expect(card.getByRole("button", { name: /同意/ })).toHaveCount(0);
  await expect(card.getByRole("button", { name: "查看联系方式" })).toHaveCount(0);

  const second = await open(phone);
  await signIn(second, "inspector2", "/identity-openings");
  await settle(second);
  await expectSound(second, "identity openings: phone");
  const waiting = second.getByRole("listitem").filter({ hasText: TITLE });
  await waiting.getByRole("button", { name: /^同意查看/ }).click();
  const agree = second.getByRole("dialog");
  await agree.getByRole("textbox", { name: "理由" }).fill("情况紧急，同意。");
  await agree.getByRole("button", { name: /^同意/ }).click();
  await expect(agree).toHaveCount(0);
  // Agreeing opens it for the one who asked alone.
  await expect(second.getByRole("button", { name: "查看联系方式" })).toHaveCount(0);

  await first.reload();
  await card.getByRole("button", { name: "查看联系方式" }).click();
  await expect(card.getByText(NAME)).toBeVisible();
  await expect(card.getByText(PHONE)).toBeVisible();
  await expectSound(first, "an identity that is open: desk");
  // It is on the screen alone: another look is another press of the button.
  await first.reload();
  await expect(card.getByRole("button", { name: "查看联系方式" })).toBeVisible();
  await expect(first.getByText(PHONE)).toHaveCount(0);

  // Another call from the same number: found by it, and the number is in no address.
  const office = await open(phone);
  await signIn(office, "campaign_office", "/complaints");
  await expect(office.getByRole("heading", { level: 1 })).toBeVisible();
  await office.getByRole("button", { name: "按电话查找" }).click();
  const finding = office.getByRole("dialog", { name: "按电话查找" });
  await finding.getByRole("textbox", { name: "电话" }).fill("００００ 5550168");
  await finding.getByRole("button", { name: "查找" }).click();
  await expect(finding.getByText("请填写这一项。", { exact: true })).toBeVisible();
  await finding.getByRole("textbox", { name: "为什么查" }).fill("来电人没有回执码，想问进度。");
  await finding.getByRole("button", { name: "查找" }).click();
  await expect(finding.getByRole("link", { name: TITLE })).toBeVisible();
  await expect(finding.getByText(NAME)).toHaveCount(0);
  await expect(finding.getByText(/今天还可以查\d+次/)).toBeVisible();
  await expectSound(office, "cases of a number: phone");
  expect(office.url()).not.toContain("5550168");

  const handler = await open(desk);
  await signIn(handler, "handler", `/complaints?q=${encodeURIComponent(TITLE)}`);
  await handler.getByRole("link", { name: TITLE }).click();
  await expect(handler.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
  await expect(handler.getByRole("region", { name: "投诉人身份" })).toHaveCount(0);
  await expect(handler.getByText("查看了投诉人身份")).toHaveCount(0);

  await resident.goto("/follow");
  await resident.getByRole("textbox", { name: "查询码" }).fill(code);
  await resident.getByRole("button", { name: "查进度" }).click();
  const told = resident.getByRole("region", { name: "您的联系方式被查看过" });
  await expect(told.getByRole("listitem")).toContainText("有人有危险");
  await expect(told.getByRole("listitem")).toContainText("1人");
  await expectSound(resident, "a case whose contact data were read: phone");
});

async function fileNamed(page: Page): Promise<string> {
  await page.goto("/");
  await page.getByRole("searchbox").fill("柳湾");
  await page.getByRole("button", { name: "查找" }).click();
  await page.getByRole("link", { name: SCHOOL }).click();
  await page.getByRole("link", { name: "投诉或建议" }).filter({ visible: true }).click();
  await page.getByRole("radio", { name: /^投诉/ }).check();
  await page.getByRole("textbox", { name: "一句话说是什么事" }).fill(TITLE);
  await page.getByRole("textbox", { name: "经过" }).fill("昨天和今天放学，都有一个不认识的人跟着。");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^留姓名/ }).check();
  await page.getByRole("textbox", { name: /称呼|姓名/ }).fill(NAME);
  await page.getByRole("textbox", { name: /电话/ }).fill(PHONE);
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "提交投诉" }).click();
  await expect(page.getByRole("heading", { name: "已经收到您的投诉" })).toBeVisible();
  return page.getByText(/^([0-9A-Z]{4} ?){6}$/).innerText();
}
