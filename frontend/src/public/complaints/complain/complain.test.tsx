import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import type { Schemas } from "../../../api/client";
import { receiptCode, units } from "../../../mocks/data";
import { challengeOf, problem } from "../../../mocks/handlers";
import { visitPublicCounty } from "../../../test/public";
import { currentAddress, expectAccessible, open } from "../../../test/render";
import { server } from "../../../test/setup";
import { changeDraft, forgetDraftInMemory, readDraft } from "./draft";

visitPublicCounty();

const school = units[1] as Schemas["PublicUnit"];
const FILE = "*/api/v1/public/complaints";

function writeDraft() {
  changeDraft({
    about: "unit",
    unit: { id: school.id, name: school.name, name_en: school.name_en },
    kind: "grievance",
    title: "食堂菜谱两周没有更新",
    body: "这两周菜谱没有换过。",
    answer: "anonymous",
  });
}

/** Answers the n-th filing with the n-th answer (the last one for all further), and keeps what was sent. */
function fileWith(...answers: (() => Response)[]) {
  const sent: { key: string | null; body: Schemas["FileComplaint"] }[] = [];
  server.use(
    http.post(FILE, async ({ request }) => {
      sent.push({
        key: request.headers.get("Idempotency-Key"),
        body: (await request.json()) as Schemas["FileComplaint"],
      });
      const answer = answers[sent.length - 1] ?? answers.at(-1);
      // Long enough for an impatient second press.
      await delay(300);
      return answer?.();
    }),
  );
  return sent;
}

const receipt = () =>
  HttpResponse.json<Schemas["ComplaintReceipt"]>(
    {
      number: "QH-2026-004218",
      receipt_code: receiptCode,
      kind: "grievance",
      unit: { id: school.id, name: school.name, name_en: school.name_en },
      received_on: "2026-11-23",
      expected_by: "2026-12-08",
    },
    { status: 201 },
  );

test("from the first question to the receipt, one thing a page", async () => {
  const user = userEvent.setup();
  const sent = fileWith(receipt);
  open("/complain");
  expect(await screen.findByText("1 / 4")).toBeVisible();
  await user.type(screen.getByLabelText("单位名称"), "柳湾");
  await user.click(await screen.findByRole("button", { name: /清河县柳湾小学/ }));
  expect(screen.getByRole("button", { name: "换一个" })).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "下一步" }));

  expect(await screen.findByRole("heading", { level: 1, name: "发生了什么？" })).toBeVisible();
  await user.click(screen.getByRole("radio", { name: /^投诉/ }));
  await user.type(screen.getByLabelText("一句话说是什么事"), "食堂菜谱没有更新");
  await user.type(screen.getByLabelText("经过"), "两周了。");
  await user.click(screen.getByRole("button", { name: "下一步" }));

  await user.click(await screen.findByRole("radio", { name: /^不留姓名/ }));
  await user.click(screen.getByRole("button", { name: "下一步" }));

  expect(await screen.findByText("现在还没有提交。")).toBeVisible();
  expect(screen.getByText("清河县柳湾小学")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "提交投诉" }));

  expect(await screen.findByRole("heading", { level: 1, name: "已经收到您的投诉" })).toBeVisible();
  expect(screen.getByText("7KQM")).toBeVisible();
  expect(currentAddress()).toBe("/receipt");
  expect(sent).toHaveLength(1);
  const { altcha, ...rest } = sent[0]?.body ?? ({} as Schemas["FileComplaint"]);
  expect(rest).toEqual({
    kind: "grievance",
    title: "食堂菜谱没有更新",
    body: "两周了。",
    unit_id: school.id,
  });
  expect(JSON.parse(atob(altcha))).toMatchObject({ number: 1234 });
  expect(readDraft().title).toBe("");
});

test("whom to call in danger stands on the first page, before anything is asked", async () => {
  open("/complain");
  const heading = await screen.findByRole("heading", { level: 1, name: "您要说的是哪个单位？" });
  const call = screen.getByRole("link", { name: "110报警" });
  expect(call).toHaveAttribute("href", "tel:110");
  expect(screen.getByRole("link", { name: "120急救" })).toHaveAttribute("href", "tel:120");
  expect(heading.compareDocumentPosition(call)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  expect(call.compareDocumentPosition(screen.getByRole("radio", { name: "我知道是哪个单位" }))).toBe(
    Node.DOCUMENT_POSITION_FOLLOWING,
  );
});

test("what is missing is listed, takes the focus, and leads to its field", async () => {
  const user = userEvent.setup();
  writeDraft();
  changeDraft({ kind: null, title: "", body: "" });
  open("/complain/what");
  await user.click(await screen.findByRole("button", { name: "下一步" }));
  const summary = screen.getByRole("alert");
  expect(summary).toHaveFocus();
  expect(within(summary).getAllByRole("link")).toHaveLength(3);
  await user.click(within(summary).getByRole("link", { name: "请写经过" }));
  expect(screen.getByLabelText("经过")).toHaveFocus();
  expect(screen.getByLabelText("经过")).toHaveAccessibleDescription(/请写经过/);
  expect(currentAddress()).toBe("/complain/what");
  await expectAccessible();
});

test("a step opened too early leads back to the first gap", async () => {
  open("/complain/check");
  expect(await screen.findByText("1 / 4")).toBeVisible();
  expect(currentAddress()).toBe("/complain/about");
});

test("going back never loses text", async () => {
  const user = userEvent.setup();
  writeDraft();
  open("/complain/answer");
  await user.click(await screen.findByRole("link", { name: "上一步：发生了什么" }));
  expect(await screen.findByLabelText("经过")).toHaveValue("这两周菜谱没有换过。");
});

test("a draft survives closing the page, says so, and can be discarded", async () => {
  const user = userEvent.setup();
  writeDraft();
  forgetDraftInMemory();
  open("/complain");
  expect(await screen.findByText("您上次没写完的还在")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "删掉草稿" }));
  await user.click(screen.getByRole("button", { name: "删掉" }));
  expect(screen.queryByText("您上次没写完的还在")).not.toBeInTheDocument();
  expect(localStorage.getItem("liangnuo.complaint-draft")).toBeNull();
});

test("a draft of more than 30 days ago is gone", () => {
  vi.useFakeTimers({ now: new Date("2026-10-01T00:00:00Z") });
  writeDraft();
  vi.setSystemTime(new Date("2026-11-01T00:00:00Z"));
  forgetDraftInMemory();
  expect(readDraft().title).toBe("");
  vi.useRealTimers();
});

test("a lost connection and a second press file it once: same key, same request", async () => {
  const user = userEvent.setup();
  writeDraft();
  const sent = fileWith(() => HttpResponse.error(), receipt);
  open("/complain/check");
  await user.dblClick(await screen.findByRole("button", { name: "提交投诉" }));
  const failure = await screen.findByRole("alert");
  expect(failure).toHaveTextContent("没有连上网");
  expect(failure).toHaveTextContent("同样的内容只算一件");
  expect(failure).toHaveFocus();
  expect(sent).toHaveLength(1);
  await user.click(within(failure).getByRole("button", { name: "再试一次" }));
  await screen.findByText("7KQM");
  expect(sent).toHaveLength(2);
  expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
  expect(sent[1]).toEqual(sent[0]);
});

test("the key survives a restart of the browser, and other text gets another one", async () => {
  const user = userEvent.setup();
  writeDraft();
  const sent = fileWith(() => HttpResponse.error());
  const first = open("/complain/check");
  await user.click(await screen.findByRole("button", { name: "提交投诉" }));
  await screen.findByRole("alert");
  first.unmount();
  forgetDraftInMemory();

  const second = open("/complain/check");
  await user.click(await screen.findByRole("button", { name: "提交投诉" }));
  await screen.findByRole("alert");
  expect(sent[1]).toEqual(sent[0]);
  second.unmount();

  changeDraft({ body: "换了别的话。" });
  open("/complain/check");
  await user.click(await screen.findByRole("button", { name: "提交投诉" }));
  await waitFor(() => expect(sent).toHaveLength(3));
  expect(sent[2]?.key).not.toBe(sent[0]?.key);
});

test("a proof that the server no longer takes is worked out anew without a word", async () => {
  const user = userEvent.setup();
  writeDraft();
  let given = 0;
  server.use(
    http.get("*/api/v1/public/challenge", () => {
      given++;
      return HttpResponse.json<Schemas["Challenge"]>(challengeOf(100 + given));
    }),
  );
  const sent = fileWith(() => problem(422, "challenge_failed"), receipt);
  open("/complain/check");
  await user.click(await screen.findByRole("button", { name: "提交投诉" }));
  await screen.findByText("7KQM");
  expect(sent.map(({ body }) => JSON.parse(atob(body.altcha)).number)).toEqual([101, 102]);
  expect(sent[1]?.key).toBe(sent[0]?.key);
});

test("what the server refuses is shown at its field", async () => {
  const user = userEvent.setup();
  writeDraft();
  fileWith(() =>
    problem(422, "invalid_field", {
      errors: [{ pointer: "/title", code: "contains_id_number", detail: "标题里像是有身份证号，请去掉" }],
    }),
  );
  open("/complain/check");
  await user.click(await screen.findByRole("button", { name: "提交投诉" }));
  await user.click(await screen.findByRole("link", { name: "标题里像是有身份证号，请去掉" }));
  const title = await screen.findByLabelText("一句话说是什么事");
  expect(title).toHaveAccessibleDescription(/像是有身份证号/);
  expect(title).toHaveValue("食堂菜谱两周没有更新");
});

test("too many requests: says how long to wait", async () => {
  const user = userEvent.setup();
  writeDraft();
  fileWith(() => {
    const response = problem(429, "rate_limited");
    response.headers.set("Retry-After", "42");
    return response;
  });
  open("/complain/check");
  await user.click(await screen.findByRole("button", { name: "提交投诉" }));
  const failure = await screen.findByRole("alert");
  expect(failure).toHaveTextContent("请等42秒再试");
  expect(within(failure).getByRole("button", { name: "42秒后可以再试" })).toBeDisabled();
  expect(failure).toHaveTextContent("您写的都还存在这台设备上");
});

test("who sees a report is said at once and again before sending", async () => {
  const user = userEvent.setup();
  writeDraft();
  const first = open("/complain/what");
  await user.click(await screen.findByRole("radio", { name: /^举报/ }));
  expect(screen.getByText(/举报只有教育局的纪检督查人员能看到/)).toBeVisible();
  first.unmount();
  open("/complain/check");
  expect(await screen.findByText(/只有教育局的纪检督查人员能看到/)).toBeVisible();
  expect(screen.getByRole("button", { name: "提交举报" })).toBeVisible();
});

test("from a unit's page the first question is answered already", async () => {
  open(`/complain?unit=${school.id}`);
  expect(await screen.findByRole("heading", { level: 1, name: "发生了什么？" })).toBeVisible();
  expect(readDraft().unit?.id).toBe(school.id);
});

test("named: the contact goes with it, empty parts do not", async () => {
  const user = userEvent.setup();
  writeDraft();
  const sent = fileWith(receipt);
  open("/complain/answer");
  await user.click(await screen.findByRole("radio", { name: /^留姓名/ }));
  await user.click(screen.getByRole("button", { name: "下一步" }));
  expect(screen.getByRole("alert")).toHaveTextContent("请写您的姓名");
  await expectAccessible();
  await user.type(screen.getByLabelText("姓名"), "家长");
  await user.type(screen.getByLabelText(/电话/), "0000-5550199");
  await user.click(screen.getByRole("button", { name: "下一步" }));
  await user.click(await screen.findByRole("button", { name: "提交投诉" }));
  await screen.findByText("7KQM");
  expect(sent[0]?.body.contact).toEqual({ name: "家长", phone: "0000-5550199" });
});

test("what may say who somebody is is shown below the text, and taken out, put back or left", async () => {
  const user = userEvent.setup();
  writeDraft();
  changeDraft({ body: "学生陈思远被罚站，请打13900000000。" });
  open("/complain/what");
  const hint = await screen.findByText("像是电话号码：13900000000");
  expect(hint).toBeVisible();
  expect(screen.getByText("像是说出了是哪个孩子：陈思远")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "去掉：13900000000" }));
  const body = screen.getByLabelText("经过");
  expect(body).toHaveValue("学生陈思远被罚站，请打（电话已略）。");
  expect(body).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "恢复" }));
  expect(readDraft().body).toBe("学生陈思远被罚站，请打13900000000。");
  await user.click(screen.getByRole("button", { name: "留着：陈思远" }));
  expect(screen.queryByText(/哪个孩子/)).toBeNull();
  await user.click(screen.getByRole("button", { name: "留着：13900000000" }));
  expect(screen.queryByText(/像是/)).toBeNull();
  // It is left for good, and something else is seen again.
  await user.type(screen.getByLabelText("经过"), "或者13911111111");
  expect(await screen.findByText("像是电话号码：13911111111")).toBeVisible();
  expect(screen.queryByText("像是电话号码：13900000000")).toBeNull();
});

test("under 14: a name goes with a guardian's consent, and what was missing stays typed", async () => {
  const user = userEvent.setup();
  writeDraft();
  const sent = fileWith(receipt);
  open("/complain/answer");
  await user.click(await screen.findByRole("radio", { name: /^留姓名/ }));
  await user.type(screen.getByLabelText("姓名"), "小刘");
  await user.click(screen.getByRole("checkbox", { name: "我未满14周岁" }));
  expect(screen.getByText(/马上打110/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "下一步" }));
  expect(screen.getByRole("alert")).toHaveTextContent("请写大人的姓名");
  await expectAccessible();
  await user.type(screen.getByLabelText("大人的姓名"), "刘女士");
  await user.click(screen.getByRole("checkbox", { name: /^我是监护人，我同意/ }));
  await user.click(screen.getByRole("button", { name: "下一步" }));
  await user.click(await screen.findByRole("button", { name: "提交投诉" }));
  await screen.findByText("7KQM");
  expect(sent[0]?.body.contact).toEqual({
    name: "小刘",
    guardian: { name: "刘女士", relation: "parent", has_consented: true },
  });
});
