import { desk, expect, type Page, settle, signIn, test } from "./support";

const rows = (page: Page) => page.locator("main .log tbody tr");

test("the auditor finds who changed a setting, and what it was before", async ({ open }) => {
  const admin = await open(desk);
  await signIn(admin, "admin", "/settings");
  const field = admin.getByLabel("等投诉人补充，累计最多");
  const before = await field.inputValue();
  const after = before === "9" ? "8" : "9";
  await field.fill(after);
  await admin.getByRole("button", { name: "保存1项修改" }).click();
  await expect(admin.getByText(/已经保存/)).toBeVisible();

  const auditor = await open(desk);
  await signIn(auditor, "audit_admin");
  await expect(auditor.getByRole("heading", { level: 1, name: "事件日志" })).toBeVisible();
  await settle(auditor);
  await auditor.getByRole("button", { name: /^动作/ }).click();
  await auditor.getByRole("combobox", { name: "动作" }).fill("修改设置");
  await auditor.keyboard.press("Enter");
  await expect(auditor).toHaveURL(/action=settings\.changed/);
  // Escape closes the list of the choices first, and then what holds it.
  await expect(async () => {
    await auditor.keyboard.press("Escape");
    await expect(auditor.getByRole("combobox", { name: "动作" })).toBeHidden({ timeout: 1_000 });
  }).toPass();
  await settle(auditor);
  await expect(rows(auditor).first()).toContainText("等投诉人补充，累计最多");
  await rows(auditor).first().getByRole("link", { name: "修改设置" }).click();
  const detail = auditor.getByRole("complementary", { name: "事件详情" });
  await expect(detail.locator("dd.pre").filter({ hasText: before }).filter({ hasText: after })).toBeVisible();
  // Of cases the auditor is told no number, and the way to them is closed.
  await auditor.goto("/console/events?subject_kind=complaints");
  await settle(auditor);
  await expect(rows(auditor)).not.toHaveCount(0);
  await expect(auditor.getByText(/\d{4}-\d{6}-[0-9A-Z]/)).toHaveCount(0);
  await expect(auditor.locator('main a[href*="/complaints/"]')).toHaveCount(0);
});

test("an inspector finds who read a case, a moment after it was read", async ({ open }) => {
  const handler = await open(desk);
  await signIn(handler, "handler", "/complaints");
  await settle(handler);
  await handler.locator('main a[href^="/console/complaints/"]').first().click();
  await expect(handler.locator("#actions")).toBeVisible();
  const number = (
    await handler
      .getByText(/^\d{4}-\d{6}-[0-9A-Z]$/)
      .first()
      .innerText()
  ).trim();
  // It is in no timeline.
  await expect(handler.getByRole("region", { name: "经过" })).not.toContainText("查阅");

  const inspector = await open(desk);
  await signIn(inspector, "inspector", "/events");
  await settle(inspector);
  // Written within a second: the list is asked until it is there.
  await expect(async () => {
    await inspector.getByRole("searchbox", { name: "在日志里找" }).fill(number);
    await inspector.keyboard.press("Enter");
    await settle(inspector);
    await expect(inspector.locator("main .log").getByRole("link", { name: "查阅办件" }).first()).toBeVisible({
      timeout: 500,
    });
  }).toPass({ timeout: 10_000 });
  await inspector.locator("main .log").getByRole("link", { name: "查阅办件" }).first().click();
  const detail = inspector.getByRole("complementary", { name: "事件详情" });
  await expect(detail).toContainText(`查阅办件，${number}`);
  await detail.getByRole("link", { name: "只看这个人做的" }).click();
  await expect(inspector).toHaveURL(/actor_id=/);
  await settle(inspector);
  await inspector.keyboard.press("j");
  await inspector.keyboard.press("Enter");
  await expect(inspector).toHaveURL(/event=/);
  await inspector.keyboard.press("Escape");
  await expect(inspector).not.toHaveURL(/event=/);
  // The case itself is one step away.
  await inspector.getByRole("link", { name: number }).first().click();
  await expect(inspector.locator("#actions")).toBeVisible();
});
