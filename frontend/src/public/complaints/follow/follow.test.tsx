import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Schemas } from "../../../api/client";
import { handling, receiptCode, replied } from "../../../mocks/data";
import { problem } from "../../../mocks/handlers";
import { visitPublicCounty } from "../../../test/public";
import { currentAddress, expectAccessible, open } from "../../../test/render";
import { server } from "../../../test/setup";

visitPublicCounty();

const typed = "7kqm-4xwd 9trf 2hnc p3vb z86e";

async function openCase(complaint: Schemas["TrackedComplaint"]) {
  const user = userEvent.setup();
  server.use(http.post("*/api/v1/public/complaints/track", () => HttpResponse.json(complaint)));
  open("/follow");
  await user.type(await screen.findByLabelText("查询码"), typed);
  await user.click(screen.getByRole("button", { name: "查进度" }));
  await screen.findByRole("heading", { level: 1, name: complaint.title });
  return user;
}

test("a case opens by its code, which stays out of the address and out of storage", async () => {
  let sent: unknown;
  const user = userEvent.setup();
  server.use(
    http.post("*/api/v1/public/complaints/track", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(handling);
    }),
  );
  open("/follow");
  await user.type(await screen.findByLabelText("查询码"), typed);
  await user.click(screen.getByRole("button", { name: "查进度" }));
  expect(await screen.findByRole("heading", { name: "清河县柳湾小学正在办理" })).toBeVisible();
  expect(sent).toEqual({ receipt_code: receiptCode });
  expect(currentAddress()).toBe("/follow");
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(receiptCode);
  expect(screen.getByText(/这个日期是暂定的/)).toBeVisible();
  await expectAccessible();
});

test("what happened is told newest first, under what comes next", async () => {
  await openCase(handling);
  const steps = within(screen.getByRole("region", { name: "到现在为止" })).getAllByRole("listitem");
  expect(steps[0]).toHaveTextContent("最迟2027年1月11日(周一)答复您");
  expect(steps[1]).toHaveTextContent("有新的留言");
  expect(steps.at(-1)).toHaveTextContent("收到您提的事");
});

test("a code with a slip of the pen is explained, a code that nobody has, too", async () => {
  const user = userEvent.setup();
  open("/follow");
  await user.type(await screen.findByLabelText("查询码"), "7kqm");
  await user.click(screen.getByRole("button", { name: "查进度" }));
  expect(screen.getByRole("alert")).toHaveTextContent("您写的少了几位");
  expect(screen.getByRole("alert")).toHaveFocus();
  await user.clear(screen.getByLabelText("查询码"));
  await user.type(screen.getByLabelText("查询码"), "0".repeat(24));
  await user.click(screen.getByRole("button", { name: "查进度" }));
  expect(await screen.findByRole("link", { name: /没有这个查询码/ })).toBeVisible();
  await expectAccessible();
});

test("a message is sent once under one key, until it has arrived", async () => {
  const user = await openCase(handling);
  const keys: (string | null)[] = [];
  const bodies: unknown[] = [];
  server.use(
    http.post("*/api/v1/public/complaints/messages", async ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      bodies.push(await request.json());
      return keys.length === 1 ? HttpResponse.error() : HttpResponse.json(handling, { status: 201 });
    }),
  );
  await user.click(screen.getByRole("button", { name: "发送" }));
  expect(screen.getByLabelText("补充说明")).toHaveAccessibleDescription("请先写要补充的内容");
  await user.type(screen.getByLabelText("补充说明"), "还有一件事");
  await user.click(screen.getByRole("button", { name: "发送" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("您写的还在框里");
  expect(screen.getByLabelText("补充说明")).toHaveValue("还有一件事");
  await user.click(screen.getByRole("button", { name: "发送" }));
  expect(await screen.findByText("已经发给经办人。")).toBeVisible();
  expect(screen.getByLabelText("补充说明")).toHaveValue("");
  expect(keys[0]).toBe(keys[1]);
  expect(bodies[0]).toEqual(bodies[1]);
});

test("the answer is rated with one of five words, and a bad one is asked for its reason", async () => {
  const user = await openCase(replied);
  let sent: Partial<Schemas["RateComplaint"]> = {};
  server.use(
    http.post("*/api/v1/public/complaints/rating", async ({ request }) => {
      sent = (await request.json()) as Schemas["RateComplaint"];
      return HttpResponse.json<Schemas["TrackedComplaint"]>({
        ...replied,
        allowed_actions: [],
        rating: { level: 2, comment: "菜谱还是旧的", rated_on: "2026-11-23" },
        next_step: "none",
      });
    }),
  );
  await user.click(screen.getByRole("button", { name: "提交评价" }));
  expect(screen.getByText("请先选一个")).toBeVisible();
  expect(screen.getAllByRole("radio").map((radio) => radio.closest("label")?.textContent)).toEqual([
    "非常满意",
    "满意",
    "基本满意",
    "不满意",
    "非常不满意",
  ]);
  await expectAccessible();
  await user.click(screen.getByRole("radio", { name: "不满意" }));
  await user.type(screen.getByLabelText(/哪里没有解决/), "菜谱还是旧的");
  await user.click(screen.getByRole("button", { name: "提交评价" }));
  expect(await screen.findByText("您的评价：不满意")).toBeVisible();
  expect(sent).toMatchObject({ receipt_code: receiptCode, level: 2, comment: "菜谱还是旧的" });
});

test("withdrawing takes two presses, the second beside what it will do", async () => {
  const user = await openCase(handling);
  await user.click(screen.getByRole("button", { name: "不想办了，撤回这件事" }));
  expect(screen.getByRole("heading", { name: /撤回“食堂菜谱两周没有更新”/ })).toHaveFocus();
  expect(screen.getByText(/不能反悔/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "确定撤回" }));
  expect(await screen.findByRole("heading", { level: 2, name: "您撤回了这件事" })).toBeVisible();
});

test("an answer that was rated does not wait for its rating any more", async () => {
  await openCase({
    ...replied,
    allowed_actions: [],
    rating: { level: 1, comment: null, rated_on: "2026-11-23" },
    next_step: "rating",
  });
  expect(screen.getByRole("heading", { level: 2, name: "您的评价已经收到" })).toBeVisible();
  expect(screen.queryByText("等您评价")).not.toBeInTheDocument();
});

test("only what the server allows is offered", async () => {
  await openCase({ ...handling, allowed_actions: [] });
  expect(screen.queryByLabelText("补充说明")).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /撤回/ })).not.toBeInTheDocument();
});

test("not accepted: why, and where to go", async () => {
  await openCase({
    ...handling,
    state: "not_accepted",
    next_step: "none",
    allowed_actions: [],
    not_accepted_reason: "已经进入诉讼",
    where_to_go: "清河县人民法院",
  });
  expect(screen.getByRole("heading", { name: "这件事我们不能受理" })).toBeVisible();
  expect(screen.getByText("清河县人民法院")).toBeVisible();
});

test("clearing it leaves nothing on the screen", async () => {
  const user = await openCase(handling);
  await user.click(screen.getByRole("button", { name: "看完了，从这台设备上清掉" }));
  expect(await screen.findByLabelText("查询码")).toHaveValue("");
});

test("busy: the code stays, and the wait is told", async () => {
  const user = userEvent.setup();
  server.use(
    http.post("*/api/v1/public/complaints/track", () => {
      const response = problem(429, "rate_limited");
      response.headers.set("Retry-After", "9");
      return response;
    }),
  );
  open("/follow");
  await user.type(await screen.findByLabelText("查询码"), typed);
  await user.click(screen.getByRole("button", { name: "查进度" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("请等9秒再试");
  expect(screen.getByLabelText("查询码")).toHaveValue(typed);
});

test("an answer that did not satisfy is asked to be done again, once", async () => {
  const user = await openCase({
    ...replied,
    allowed_actions: ["add", "redo"],
    rating: { level: 2, comment: null, rated_on: "2026-11-21" },
    rating_until: "2026-12-05",
  });
  let sent: Record<string, unknown> = {};
  server.use(
    http.post("*/api/v1/public/complaints/redo", async ({ request }) => {
      sent = (await request.json()) as Record<string, unknown>;
      return HttpResponse.json({
        ...replied,
        state: "redoing",
        next_step: "handling",
        allowed_actions: ["add"],
      });
    }),
  );
  await user.click(screen.getByRole("button", { name: "要求重新办理" }));
  expect(screen.getByLabelText("哪里还没有解决？")).toBeVisible();
  expect(screen.getByText("请写一写哪里还没有解决")).toBeVisible();
  await user.type(screen.getByLabelText("哪里还没有解决？"), "还是看不到菜谱");
  await user.click(screen.getByRole("button", { name: "要求重新办理" }));
  expect(await screen.findByRole("heading", { name: "清河县柳湾小学正在办理" })).toBeVisible();
  expect(sent).toMatchObject({ receipt_code: receiptCode, reason: "还是看不到菜谱" });
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("看不到菜谱");
});

test("who is asked something sees until when we wait, and that the clock is held", async () => {
  await openCase({ ...handling, state: "waiting", next_step: "your_answer", held_until: "2026-12-03" });
  expect(screen.getByRole("heading", { name: "经办人有话问您，等您回答" })).toBeVisible();
  expect(screen.getByText(/办理期限暂停/)).toHaveTextContent("12月3日");
  expect(screen.getByRole("link", { name: "去回答" })).toHaveAttribute("href", "#talk");
  await expectAccessible();
});

test("in an emergency the numbers to call stand first", async () => {
  await openCase({ ...handling, is_emergency: true });
  expect(screen.getByRole("link", { name: "120急救" })).toHaveAttribute("href", "tel:120");
  expect(screen.getByText(/末日是休息日/)).toBeInTheDocument();
});

test("a case that went elsewhere says where and why", async () => {
  await openCase({
    ...handling,
    state: "referred",
    next_step: "none",
    allowed_actions: [],
    due_on: null,
    referred_reason: "属于卫生部门",
    where_to_go: "县卫健局",
  });
  expect(screen.getByText("属于卫生部门")).toBeVisible();
  expect(screen.getByText("县卫健局")).toBeVisible();
});
