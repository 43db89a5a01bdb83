import { desk, expect, phone, settle, signIn, test } from "./support";

const TITLE = "课后服务接送没有人登记";

test("a clerk takes down a call, finds it in the queue, and the caller follows it by the code", async ({
  open,
}) => {
  const clerk = await open(desk);
  await signIn(clerk, "handler", "/complaints");
  await settle(clerk);
  await clerk.getByRole("link", { name: "登记来电来访" }).last().click();
  await expect(clerk.getByRole("heading", { level: 1, name: "登记来电来访" })).toBeVisible();
  await clerk.getByRole("textbox", { name: "一句话说是什么事" }).fill(TITLE);
  await clerk.getByRole("textbox", { name: "事情经过" }).fill("家长来电：放学后孩子被谁接走，学校没有登记。");
  await clerk.getByRole("radio", { name: "留姓名和联系方式" }).check();
  await clerk.getByRole("textbox", { name: "姓名" }).fill("刘女士");
  await clerk.getByRole("button", { name: "登记", exact: true }).click();

  const head = clerk.getByRole("heading", { level: 1, name: /^已经登记：/ });
  await expect(head).toBeFocused();
  const number = (await head.innerText()).replace("已经登记：", "");
  const code = await clerk.locator(".code").innerText();
  expect(code.replace(/\s/g, "")).toMatch(/^[0-9A-Z]{24}$/);
  // The code is not left behind by a slip.
  await clerk.getByRole("link", { name: "打开这一件" }).click();
  await clerk.getByRole("dialog").getByRole("button", { name: "再念一遍" }).click();
  await expect(clerk.locator(".code")).toBeVisible();
  await clerk.getByRole("checkbox", { name: "对方已经记下查询码" }).check();
  await clerk.getByRole("link", { name: "打开这一件" }).click();
  await expect(clerk.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
  await expect(clerk.getByText("刘女士")).toHaveCount(0);
  await expect(clerk.getByText(/热线工单办理规定/).first()).toBeVisible();

  await clerk.goto(`/console/complaints?channel=phone&q=${encodeURIComponent(number)}`);
  await expect(clerk.getByRole("link", { name: TITLE })).toBeVisible();

  const caller = await open(phone);
  await caller.goto("/follow");
  await caller.getByRole("textbox").first().fill(code);
  await caller.getByRole("button", { name: "查进度" }).click();
  await expect(caller.getByText(number)).toBeVisible();
});

test("a report is out of the clerk's sight as soon as it is taken down", async ({ open }) => {
  const clerk = await open(phone);
  await signIn(clerk, "handler", "/complaints");
  await clerk.goto("/console/register");
  await settle(clerk);
  await clerk.getByRole("radio", { name: "窗口" }).check();
  await clerk.getByRole("radio", { name: "举报" }).check();
  await expect(clerk.getByText("举报只给教育局纪检督查看")).toBeVisible();
  await clerk.getByRole("textbox", { name: "一句话说是什么事" }).fill("收了不该收的钱款");
  await clerk.getByRole("textbox", { name: "事情经过" }).fill("来访人说，补课费交给了个人。");
  await clerk.getByRole("button", { name: "登记", exact: true }).click();
  await expect(clerk.getByText("举报已经直接到教育局纪检督查")).toBeVisible();
  await expect(clerk.getByRole("link", { name: "打开这一件" })).toHaveCount(0);
  await clerk.getByRole("checkbox", { name: "对方已经记下查询码" }).check();
  await clerk.goto(`/console/complaints?q=${encodeURIComponent("收了不该收的钱款")}`);
  await expect(clerk.getByText("没有符合这些条件的件")).toBeVisible();
});
