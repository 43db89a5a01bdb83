import { cleanup, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { Schemas } from "../../../api/client";
import { handling, receiptCode, replied, waiting } from "../../../mocks/data";
import { problem } from "../../../mocks/handlers";
import { visitPublicCounty } from "../../../test/public";
import { currentAddress, expectAccessible, open } from "../../../test/render";
import { server } from "../../../test/setup";

visitPublicCounty();
beforeEach(() => sessionStorage.clear());

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

const unsatisfied: Schemas["TrackedComplaint"] = {
  ...replied,
  next_step: "none",
  allowed_actions: ["add", "redo"],
  rating: { level: 2, comment: null, rated_on: "2026-11-21" },
};

test("an answer that did not satisfy is asked to be done again, once", async () => {
  const user = await openCase(unsatisfied);
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
  // The form stands open below the rating, and leaves the focus where the reader is.
  expect(screen.getByRole("heading", { name: "要求重新办理" })).not.toHaveFocus();
  const form = screen.getByRole("heading", { name: "要求重新办理" }).closest("form") as HTMLFormElement;
  expect(form).toHaveTextContent("换一位经办人重新办理");
  expect(form).toHaveTextContent("只能要求一次");
  expect(form).toHaveTextContent("最迟12月5日(周六)提出");
  await expectAccessible();
  const box = screen.getByLabelText("哪里还没有解决？");
  await user.type(box, "差");
  await user.click(screen.getByRole("button", { name: "要求重新办理" }));
  expect(box).toHaveAccessibleDescription(/请写一写哪里还没有解决/);
  expect(box).toHaveFocus();
  expect(sent).toEqual({});
  await user.type(box, "得远，还是看不到菜谱");
  await user.click(screen.getByRole("button", { name: "要求重新办理" }));
  expect(await screen.findByRole("heading", { name: "清河县柳湾小学正在办理" })).toHaveFocus();
  expect(sent).toEqual({
    receipt_code: receiptCode,
    reason: "差得远，还是看不到菜谱",
    altcha: expect.stringMatching(/.+/),
  });
  expect(screen.queryByLabelText("哪里还没有解决？")).not.toBeInTheDocument();
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("看不到菜谱");
});

test("before it is rated, doing it again is a way beside the rating", async () => {
  const user = await openCase({ ...replied, allowed_actions: ["add", "rate", "redo"] });
  expect(screen.queryByLabelText("哪里还没有解决？")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "没有解决，要求重新办理" }));
  expect(screen.getByRole("heading", { name: "要求重新办理" })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "不用了" }));
  expect(screen.queryByLabelText("哪里还没有解决？")).not.toBeInTheDocument();
});

test("what is being written outlives a lost connection and a reload, without the code, until the case is left", async () => {
  const user = await openCase(unsatisfied);
  server.use(http.post("*/api/v1/public/complaints/redo", () => HttpResponse.error()));
  await user.type(screen.getByLabelText("补充说明"), "照片在我这里");
  await user.type(screen.getByLabelText("哪里还没有解决？"), "菜谱还是旧的");
  await user.click(screen.getByRole("button", { name: "要求重新办理" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("您写的还在");
  const kept = JSON.stringify({ ...sessionStorage });
  expect(kept).toContain("菜谱还是旧的");
  expect(kept + JSON.stringify({ ...localStorage })).not.toContain(receiptCode);
  expect(JSON.stringify({ ...localStorage })).not.toContain("菜谱还是旧的");

  cleanup();
  await openCase(unsatisfied);
  expect(screen.getByLabelText("哪里还没有解决？")).toHaveValue("菜谱还是旧的");
  expect(screen.getByLabelText("补充说明")).toHaveValue("照片在我这里");

  await user.click(screen.getByRole("button", { name: "看完了，从这台设备上清掉" }));
  expect(JSON.stringify({ ...sessionStorage })).not.toMatch(/菜谱|照片/);
});

test("a message that had arrived is not offered for sending again", async () => {
  sessionStorage.setItem(`liangnuo.follow.message.${handling.number}`, "是11日那个周三。");
  await openCase(handling);
  expect(screen.getByLabelText("补充说明")).toHaveValue("");
});

test("who is asked something answers right there, and sees until when the clock is held", async () => {
  const user = await openCase(waiting);
  let sent: Record<string, unknown> = {};
  server.use(
    http.post("*/api/v1/public/complaints/messages", async ({ request }) => {
      sent = (await request.json()) as Record<string, unknown>;
      return HttpResponse.json(handling, { status: 201 });
    }),
  );
  const next = within(screen.getByRole("region", { name: "经办人有话问您，等您回答" }));
  expect(next.getByText(/办理期限暂停/)).toHaveTextContent("我们等到12月3日(周四)");
  expect(next.getByText("请问孩子在几年级几班？")).toBeVisible();
  // One box, not another one below the conversation.
  expect(screen.getAllByRole("textbox")).toHaveLength(1);
  const steps = within(screen.getByRole("region", { name: "到现在为止" })).getAllByRole("listitem");
  expect(steps[0]).toHaveTextContent("最迟12月3日(周四)等您补充");
  expect(steps[1]).toHaveTextContent("请您补充，期限暂停等到12月3日(周四)");
  await expectAccessible();
  await user.type(next.getByLabelText("您的回答"), "三年级二班");
  await user.click(next.getByRole("button", { name: "发送" }));
  expect(await screen.findByRole("heading", { name: "清河县柳湾小学正在办理" })).toHaveFocus();
  expect(screen.getByText("已经发给经办人。")).toBeVisible();
  expect(sent).toMatchObject({ receipt_code: receiptCode, body: "三年级二班" });
  expect(screen.getByLabelText("补充说明")).toHaveValue("");
});

test("in an emergency the numbers to call stand first", async () => {
  await openCase({ ...handling, is_emergency: true });
  const links = within(screen.getByRole("main")).getAllByRole("link");
  expect(links.slice(0, 3).map((link) => [link.textContent, link.getAttribute("href")])).toEqual([
    ["110报警", "tel:110"],
    ["120急救", "tel:120"],
    ["12355青少年服务热线", "tel:12355"],
  ]);
});

test("without an emergency no numbers are shown", async () => {
  await openCase(handling);
  expect(screen.queryByRole("link", { name: "110报警" })).not.toBeInTheDocument();
});

test("how a date was computed opens by its question", async () => {
  const user = await openCase(handling);
  const sentence = screen.getByText(/末日是休息日，顺延到下一个工作日/);
  expect(sentence).not.toBeVisible();
  await user.click(screen.getByText("这个日期怎么算的"));
  expect(sentence).toBeVisible();
  const lines = screen.getAllByRole("term").map((term) => [term.textContent, term.nextSibling?.textContent]);
  expect(lines).toEqual([
    ["从哪天算", "11月10日(周二)，当天不算"],
    ["多少天", "60天，周末也算在内"],
    ["算到", "2027年1月11日(周一)；最后一天不上班，顺延到这天"],
  ]);
  // The days are there to be counted: the sixtieth is the Saturday before.
  const days = [...document.querySelectorAll(".cal > span")].map((day) => day.textContent);
  expect(days).toContain("960");
});

test("where a holiday hides the count, the lines say it without a calendar", async () => {
  const due = { ...(handling.due as NonNullable<typeof handling.due>), counts: "working_days" as const };
  const user = await openCase({ ...handling, due });
  await user.click(screen.getByText("这个日期怎么算的"));
  expect(screen.getByText("60个工作日，周末和放假不算")).toBeVisible();
  expect(document.querySelector(".cal")).toBeNull();
});

test("an extension is told with its date and its reason, a moved date with its date", async () => {
  const none = { unit: null, until: null, reason: null };
  await openCase({
    ...handling,
    timeline: [
      { ...none, action: "received", on: "2026-11-09" },
      { ...none, action: "extended", on: "2026-11-19", until: "2026-12-30", reason: "要等检测结果" },
      { ...none, action: "due_moved", on: "2026-11-20", until: "2026-12-31" },
    ],
  });
  const [, moved, extended] = within(screen.getByRole("region", { name: "到现在为止" })).getAllByRole(
    "listitem",
  );
  expect(moved).toHaveTextContent("办理期限调整改为12月31日(周四)");
  expect(extended).toHaveTextContent("办理期限延长到12月30日(周三)要等检测结果");
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

test("who left contact data is told when and why they were looked at, and never by whom", async () => {
  await openCase({ ...handling, identity_openings: [{ on: "2026-11-20", category: "danger", people: 2 }] });
  const told = screen.getByRole("region", { name: "您的联系方式被查看过" });
  expect(within(told).getByRole("listitem")).toHaveTextContent(/11月20日.*有人有危险.*2人/);
  await expectAccessible();
  cleanup();
  await openCase(handling);
  expect(screen.queryByRole("region", { name: "您的联系方式被查看过" })).toBeNull();
});
