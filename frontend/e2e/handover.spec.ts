import { desk, expect, phone, SCHOOL, settle, signIn, test } from "./support";

test("a handler leaves: the head hands the cases over, and who takes over finds them", async ({ open }) => {
  // Somebody else of the school becomes a handler, to take over.
  const next = await open(desk);
  await signIn(next, "member");
  const successor = (await next.getByRole("banner").locator(".mn").innerText()).trim();
  const handler = await open(desk);
  await signIn(handler, "handler", "/complaints");
  const leaver = (await handler.getByRole("banner").locator(".mn").innerText()).trim();

  const security = await open(desk);
  await signIn(security, "admin", "/role-grants");
  await security.getByRole("button", { name: "授予角色" }).click();
  const grant = security.getByRole("dialog");
  for (const [label, text] of [
    ["成员", successor],
    ["单位", SCHOOL],
  ] as const) {
    await grant.getByRole("combobox", { name: label }).fill(text);
    await security
      .locator(".ant-select-item-option:visible", { hasText: text })
      .filter({ hasText: SCHOOL })
      .first()
      .click();
  }
  await grant.getByRole("textbox", { name: "理由" }).fill("接手投诉办理");
  await grant.getByRole("button", { name: "授予", exact: true }).click();
  await expect(grant).toHaveCount(0);

  const head = await open({ ...phone, locale: "zh-CN" });
  await signIn(head, "unit_head", `/members?q=${encodeURIComponent(leaver)}`);
  await settle(head);
  await head
    .getByRole("button", { name: `${leaver}，更多` })
    .first()
    .click();
  await head.getByRole("menuitem", { name: "交接" }).click();
  const drawer = head.getByRole("dialog");
  const cases = drawer.locator("dd").first();
  await expect(cases).toHaveText(/^[1-9]\d*件$/);
  await drawer.getByRole("button", { name: "先看看会怎样" }).click();
  await expect(drawer.getByRole("alert")).toBeVisible();
  await drawer.getByRole("combobox", { name: "接手的人" }).fill(successor);
  await head.locator(".ant-select-item-option:visible", { hasText: successor }).first().click();
  await drawer.getByRole("textbox", { name: "理由" }).fill("调到县城任教");
  await drawer.getByRole("button", { name: "先看看会怎样" }).click();
  await expect(drawer.getByText("还没有交，下面是会怎样。")).toBeVisible();
  const number = (await drawer.locator("details .handed .num").last().textContent())?.trim() ?? "";
  expect(number).not.toBe("");
  await drawer.getByRole("button", { name: "确认交接" }).click();
  await expect(drawer.getByText("已经交接。")).toBeVisible();
  await drawer.getByRole("button", { name: "知道了" }).click();
  await expect(drawer).toHaveCount(0);

  await next.goto(`/console/complaints?q=${number}`);
  await settle(next);
  const found = next.locator('main a[href^="/console/complaints/"]').first();
  await next.goto((await found.getAttribute("href")) ?? "");
  await settle(next);
  await expect(next.getByText("调到县城任教").first()).toBeVisible();
});
