import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { server } from "../test/setup";
import { emptyDraft, payloadOf, wordsOf } from "./complaints/register/registration";
import { addDays, today } from "./shared/due";
import { openConsole } from "./test-kit";

interface Sent {
  key: string | null;
  body: Record<string, unknown>;
}

const CODE = "7KQM4XWD9TRF2HNCP3VBZ86E";
const receipt = {
  id: "00000003-0000-4000-8000-000000000001",
  number: "2026-000123-K",
  receipt_code: CODE,
  kind: "grievance",
  unit: { id: "00000001-0000-4000-8000-000000000003", name: "清河县第二小学", name_en: null },
  received_on: "2026-11-20",
  expected_by: "2026-11-27",
};

/** Notes what is sent, and answers one thing after the other. */
function answer(...answers: (() => Response)[]) {
  const sent: Sent[] = [];
  server.use(
    http.post("*/api/v1/complaints", async ({ request }) => {
      const body = (await request.json()) as Sent["body"];
      sent.push({ key: request.headers.get("idempotency-key"), body });
      return (answers[sent.length - 1] ?? answers.at(-1))?.();
    }),
  );
  return sent;
}

const made = (more = {}) => HttpResponse.json({ ...receipt, ...more }, { status: 201 });
const box = (name: string | RegExp) => screen.getByRole("textbox", { name });
const save = () => userEvent.click(screen.getByRole("button", { name: "登记" }));

async function open(login = "handler") {
  const console = await openConsole("/register", { login });
  await screen.findByRole("heading", { level: 1, name: "登记来电来访" });
  return console;
}

async function fill() {
  await userEvent.type(box("一句话说是什么事"), "校车连着三天晚点");
  await userEvent.type(box("事情经过"), "这周一到周三都晚到二十分钟。");
}

beforeEach(() => sessionStorage.clear());

test("a call is taken down and its code read out in groups of four", async () => {
  const { router } = await open();
  const sent = answer(() => made());
  await fill();
  await userEvent.click(screen.getByRole("radio", { name: "留姓名和联系方式" }));
  await userEvent.type(box("姓名"), "刘女士");
  await userEvent.type(box(/^电话/), "139 0000 0000");
  expect(JSON.stringify({ ...sessionStorage })).toContain("校车");
  expect(JSON.stringify({ ...sessionStorage })).not.toMatch(/刘女士|139/);
  await save();
  const head = await screen.findByRole("heading", { level: 1, name: "已经登记：2026-000123-K" });
  await waitFor(() => expect(head).toHaveFocus());
  expect(screen.getByText("7KQM").parentElement).toHaveTextContent("7KQM 4XWD 9TRF 2HNC P3VB Z86E");
  expect(sent[0]?.body).toMatchObject({
    kind: "grievance",
    channel: "phone",
    is_order: true,
    title: "校车连着三天晚点",
    contact: { name: "刘女士", phone: "139 0000 0000" },
  });
  expect(sent[0]?.body).not.toHaveProperty("received_at");
  expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toMatch(/校车|7KQM/);

  // The code is not left behind unasked.
  await userEvent.click(screen.getByRole("link", { name: "登记下一件" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: /再念一遍/ }));
  expect(screen.getByText("7KQM")).toBeVisible();
  await userEvent.click(screen.getByRole("checkbox", { name: "对方已经记下查询码" }));
  await userEvent.click(screen.getByRole("link", { name: "登记下一件" }));
  expect(await screen.findByRole("textbox", { name: "一句话说是什么事" })).toHaveValue("");
  expect(router.state.location.pathname).toBe("/register");
});

test("a broken line and the same words carry the same key; other words another", async () => {
  await open();
  const sent = answer(
    () => HttpResponse.error(),
    () => HttpResponse.error(),
    () => made(),
  );
  await fill();
  await save();
  expect(await screen.findByRole("alert")).toHaveFocus();
  await save();
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.key).toBe(sent[0]?.key);
  await screen.findByRole("alert");
  await userEvent.type(box("事情经过"), "周四也是。");
  await save();
  await screen.findByRole("heading", { level: 1, name: /已经登记/ });
  expect(sent[2]?.key).not.toBe(sent[0]?.key);
});

test("what is wrong is said beside the field and in a list that leads to it", async () => {
  await open();
  await userEvent.type(box("一句话说是什么事"), "校车晚点");
  await save();
  const summary = await screen.findByRole("alert");
  await waitFor(() => expect(summary).toHaveFocus());
  await userEvent.click(within(summary).getByRole("link", { name: /^事情经过/ }));
  expect(box("事情经过")).toHaveFocus();
  expect(box("事情经过")).toHaveAccessibleDescription(/请填写这一项/);
  expect(box("一句话说是什么事")).toHaveValue("校车晚点");
});

test("what was begun is found again after a reload, without who called", async () => {
  const { unmount } = await open();
  await fill();
  await userEvent.click(screen.getByRole("radio", { name: "留姓名和联系方式" }));
  await userEvent.type(box("姓名"), "刘女士");
  const kept = { ...sessionStorage };
  unmount();
  const { router } = await openConsole("/units", { login: "handler" });
  for (const [key, text] of Object.entries(kept)) sessionStorage.setItem(key, text);
  await router.navigate("/register");
  expect(await screen.findByRole("textbox", { name: "一句话说是什么事" })).toHaveValue("校车连着三天晚点");
  expect(box("姓名")).toHaveValue("");
  expect(screen.getByText(/姓名和联系方式没有存/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "清空重写" }));
  expect(box("一句话说是什么事")).toHaveValue("");
});

test("a report says that it can't be opened again, before and after", async () => {
  await open();
  answer(() => made({ id: null, kind: "report" }));
  await fill();
  expect(screen.queryByText(/举报只给教育局纪检督查看/)).toBeNull();
  await userEvent.click(screen.getByRole("radio", { name: "举报" }));
  expect(screen.getByText(/举报只给教育局纪检督查看/)).toBeVisible();
  await save();
  expect(await screen.findByText(/举报已经直接到教育局纪检督查/)).toBeVisible();
  expect(screen.queryByRole("link", { name: "打开这一件" })).toBeNull();
});

test("inspectors take down reports only, and who has no desk finds no way there", async () => {
  const { unmount } = await open("inspector");
  expect(screen.queryByRole("radio", { name: "投诉" })).toBeNull();
  const sent = answer(() => made({ id: null, kind: "report" }));
  await fill();
  await save();
  await waitFor(() => expect(sent[0]?.body).toMatchObject({ kind: "report" }));
  unmount();
  await openConsole("/complaints", { login: "head" });
  await screen.findByRole("heading", { level: 1, name: "投诉与建议" });
  expect(screen.queryByRole("link", { name: "登记来电来访" })).toBeNull();
});

test("cases that may say the same are proposed, in a window of their own", async () => {
  const { state } = await open("all");
  const title = state.cases[0]?.title ?? "";
  await userEvent.type(box("一句话说是什么事"), title);
  const found = await screen.findByRole("heading", { name: "可能已经登记过" });
  const links = within(found.closest("section") as HTMLElement).getAllByRole("link");
  expect(links[0]).toHaveAttribute("target", "_blank");
});

test("what is sent is what stands there, and no more", () => {
  const draft = { ...emptyDraft(null, "inquiry"), title: " 问 ", body: "问" };
  const contact = { name: " 刘 ", phone: " ", email: "" };
  const plain = { kind: "inquiry", channel: "phone", title: "问", body: "问", is_order: true };
  expect(payloadOf(draft, contact)).toEqual(plain);
  expect(payloadOf({ ...draft, receivedOn: today() }, contact)).toEqual(plain);
  const letter = { ...draft, channel: "mailbox" as const, receivedOn: addDays(today(), -3), isNamed: true };
  expect(payloadOf(letter, contact)).toEqual({
    ...plain,
    channel: "mailbox",
    is_order: false,
    contact: { name: "刘" },
    received_at: `${addDays(today(), -3)}T12:00:00+08:00`,
  });
  expect(payloadOf({ ...letter, isOrder: true }, contact).is_order).toBe(true);
});

test("two words of a title find more than the whole of it", () => {
  expect(wordsOf("校车连着三天晚点")).toBe("校车 晚点");
  expect(wordsOf("食堂：饭菜偏凉")).toBe("食堂 偏凉");
  expect(wordsOf("bus late again")).toBe("bus again");
  expect(wordsOf("校车")).toBe("");
});
