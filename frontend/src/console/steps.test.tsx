import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http } from "msw";
import { expect, test } from "vitest";
import openapi from "../../../openapi/openapi.json";
import { server } from "../test/setup";
import { rungs } from "./complaints/case/Timeline";
import { verbWords } from "./complaints/case/verbs";
import { makeCase } from "./mocks/data";
import { stepWords } from "./shared/labels";
import { openConsole } from "./test-kit";

const HANDED = makeCase(2);
const IN_HAND = makeCase(3);
const at = (one: { id: string }) => `/complaints/${one.id}`;

/** The seldom steps stand behind "more". */
async function press(name: string) {
  const more = await screen.findByText("更多");
  if (!more.closest("details")?.open) await userEvent.click(more);
  await userEvent.click(screen.getByRole("button", { name }));
  return screen.findByRole("dialog");
}
const write = async (label: string | RegExp, text: string) => {
  const box = within(screen.getByRole("dialog")).getByLabelText(label);
  await userEvent.clear(box);
  await userEvent.type(box, text);
};

test("asking the complainant sends how many days, holds the clock and says until when", async () => {
  const { state } = await openConsole(at(IN_HAND));
  const keys: (string | null)[] = [];
  server.use(
    http.post("*/hold", ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
    }),
  );
  await userEvent.click(await screen.findByRole("button", { name: "请投诉人补充" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("累计还可以等10天");
  expect(within(dialog).getByLabelText("最多等几天")).toHaveValue(5);
  await write("问投诉人什么", "请问是哪几天、哪个班？");
  await write("最多等几天", "31");
  expect(within(dialog).getByRole("button", { name: "发出并等待" })).toBeDisabled();
  expect(dialog).toHaveTextContent("填1到10之间的整数");
  await write("最多等几天", "3");
  await userEvent.click(within(dialog).getByRole("button", { name: "发出并等待" }));
  await waitFor(() => expect(state.cases[3]?.state).toBe("waiting"));
  expect(state.cases[3]?.hold_days_left).toBe(7);
  expect(state.cases[3]?.messages.at(-1)?.body).toBe("请问是哪几天、哪个班？");
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(await screen.findByText(/^等投诉人补充到.*期限暂停$/)).toBeInTheDocument();
  expect(screen.getByText(/^最迟等到/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "不再等补充" }));
  await waitFor(() => expect(state.cases[3]?.state).toBe("in_handling"));
  await waitFor(() => expect(screen.queryByText(/^等投诉人补充到/)).not.toBeInTheDocument());
});

test("an extension is asked by one and given by another", async () => {
  const { state, unmount } = await openConsole(at(IN_HAND), { login: "handler" });
  const before = state.cases[3]?.due_on;
  await press("申请延期");
  await write("延长几天", "15");
  await write("为什么要延期", "检测报告下周才出");
  await userEvent.click(screen.getByRole("button", { name: "提交申请" }));
  expect(await screen.findByText(/申请延长15天，等负责人批准$/)).toBeInTheDocument();
  const own = screen.getByRole("button", { name: "批准延期" });
  expect(own).toHaveAttribute("aria-disabled", "true");
  expect(own).toHaveAccessibleDescription("自己申请的延期，要由另一位负责人批准。");
  unmount();

  const second = await openConsole(at(IN_HAND), { login: "head", cases: state.cases });
  const strip = (await screen.findByText(/等负责人批准$/)).closest<HTMLElement>(".note");
  await userEvent.click(within(strip as HTMLElement).getByRole("button", { name: "批准延期" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("周老师申请延长15天");
  expect(dialog).toHaveTextContent("检测报告下周才出");
  await userEvent.click(within(dialog).getByRole("button", { name: "批准" }));
  await waitFor(() => expect(second.state.cases[3]?.extension?.is_granted).toBe(true));
  expect(second.state.cases[3]?.due_on).not.toBe(before);
  expect(await screen.findByText("已延长15天")).toBeInTheDocument();
  expect(screen.queryByText(/等负责人批准$/)).not.toBeInTheDocument();
});

test("a longer wait is asked by one and given by another", async () => {
  const { state, unmount } = await openConsole(at(IN_HAND), { login: "handler" });
  const dialog = await press("申请延长等待");
  expect(dialog).toHaveTextContent("最多可以再加20天");
  await write("多等几天", "12");
  await write("为什么要多等", "家长住院，下周才能答");
  await userEvent.click(screen.getByRole("button", { name: "提交申请" }));
  expect(await screen.findByText("周老师申请多等投诉人12天，等负责人批准")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "批准延长等待" })).not.toBeInTheDocument();
  unmount();

  const second = await openConsole(at(IN_HAND), { login: "head", cases: state.cases });
  const strip = (await screen.findByText(/等负责人批准$/)).closest<HTMLElement>(".note");
  await userEvent.click(within(strip as HTMLElement).getByRole("button", { name: "批准延长等待" }));
  const decide = await screen.findByRole("dialog");
  expect(decide).toHaveTextContent("周老师申请多等12天");
  expect(decide).toHaveTextContent("家长住院，下周才能答");
  await userEvent.click(within(decide).getByRole("button", { name: "批准" }));
  await waitFor(() => expect(second.state.cases[3]?.longer_hold?.is_granted).toBe(true));
  expect(second.state.cases[3]?.hold_days_left).toBe(22);
  expect(screen.queryByText(/等负责人批准$/)).not.toBeInTheDocument();
});

test("a case is merged into one that a person finds and looks at, and the lead lists it", async () => {
  const { state, unmount } = await openConsole(at(HANDED));
  const dialog = await press("并入另一件");
  expect(within(dialog).getByRole("button", { name: "并入" })).toBeDisabled();
  const search = within(dialog).getByLabelText("找主件");
  await userEvent.clear(search);
  await userEvent.type(search, IN_HAND.number);
  expect(await within(dialog).findByRole("radio")).toBeInTheDocument();
  await userEvent.clear(search);
  await userEvent.type(search, HANDED.number);
  expect(await within(dialog).findByText(/^没有找到还没答复的来件/)).toBeInTheDocument();
  await userEvent.clear(search);
  await userEvent.type(search, IN_HAND.number);
  await userEvent.click(await within(dialog).findByRole("radio"));
  const pair = within(dialog).getByRole("region", { name: "核对两件" });
  expect(pair).toHaveTextContent(HANDED.title);
  expect(pair).toHaveTextContent(IN_HAND.title);
  expect(pair).toHaveTextContent("每位投诉人都会收到答复");
  await userEvent.click(within(dialog).getByRole("button", { name: "并入" }));
  await waitFor(() => expect(state.cases[2]?.duplicate_of?.id).toBe(IN_HAND.id));
  expect(await screen.findByText("随主件一并答复：")).toBeInTheDocument();
  unmount();

  await openConsole(at(IN_HAND), { cases: state.cases });
  expect(await screen.findByText(/还有1件说的是同一件事/)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: `${HANDED.number} ${HANDED.title}` })).toHaveAttribute(
    "href",
    at(HANDED),
  );
});

test("an objection is answered on purpose: no unit is chosen beforehand", async () => {
  const { state } = await openConsole(at(IN_HAND));
  await press("提出异议");
  await write("为什么不归本单位办", "校车归交通局管");
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "提出异议" }));
  await waitFor(() => expect(state.cases[3]?.state).toBe("objected"));
  await userEvent.click(await screen.findByRole("button", { name: "交办" }));
  const drawer = await screen.findByRole("dialog");
  expect(drawer).toHaveTextContent("校车归交通局管");
  expect(within(drawer).getByRole("button", { name: "交办" })).toBeDisabled();
  await userEvent.type(within(drawer).getByRole("combobox", { name: "承办单位" }), IN_HAND.unit.name);
  await userEvent.click(
    await screen.findByText((_, node) => node?.className === "ant-select-item-option-content"),
  );
  expect(within(drawer).getByRole("status")).toHaveTextContent("异议不成立");
  await userEvent.click(within(drawer).getByRole("button", { name: "交办" }));
  expect(await screen.findByText("异议不成立")).toBeInTheDocument();
});

test("who wrote the answer that did not satisfy can't be chosen again", async () => {
  const one = makeCase(27);
  await openConsole(at(one));
  await userEvent.click(await screen.findByRole("button", { name: "交办" }));
  const drawer = await screen.findByRole("dialog");
  expect(await within(drawer).findByRole("radio", { name: /^冯老师 投诉人要求换人办/ })).toBeDisabled();
  expect(within(drawer).getByRole("radio", { name: /^林老师/ })).toBeEnabled();
});

test("supervision says who, why and by when, and is lifted with a reason", async () => {
  const { state } = await openConsole(at(IN_HAND));
  await press("督办");
  await write("为什么督办", "家长两次到县里反映");
  await userEvent.click(screen.getByRole("dialog").querySelector(".ant-btn-primary") as HTMLElement);
  await waitFor(() => expect(state.cases[3]?.supervision?.reason).toBe("家长两次到县里反映"));
  expect(state.cases[3]?.supervision?.due_on).toBeNull();
  expect(await screen.findByText(/^林老师督办/)).toBeInTheDocument();
  const strip = screen.getByText(/^林老师督办/).closest(".note") as HTMLElement;
  expect(within(strip).getByText(/每5个工作日一次/)).toBeInTheDocument();
  await userEvent.click(within(strip).getByRole("button", { name: "报告督办进展" }));
  await write(/^办到哪一步了/, "已约家长见面");
  await userEvent.click(screen.getByRole("button", { name: "报告" }));
  await waitFor(() => expect(state.cases[3]?.supervision?.reports[0]?.report).toBe("已约家长见面"));
  expect(await within(strip).findByText("已约家长见面")).toBeInTheDocument();
  await userEvent.click(within(strip).getByRole("button", { name: "解除督办" }));
  await write("为什么解除", "已经当面答复");
  await userEvent.click(screen.getByRole("button", { name: "解除" }));
  await waitFor(() => expect(state.cases[3]?.supervision).toBeNull());
});

test("nothing becomes a report; another kind is sent with its category", async () => {
  const { state } = await openConsole(at(IN_HAND));
  await press("改类型和分类");
  const dialog = screen.getByRole("dialog");
  expect(within(dialog).queryByRole("option", { name: "举报" })).not.toBeInTheDocument();
  await userEvent.selectOptions(within(dialog).getByLabelText("类型"), "咨询");
  await userEvent.selectOptions(await within(dialog).findByLabelText(/^分类/), "校车");
  await userEvent.click(within(dialog).getByRole("button", { name: "改" }));
  await waitFor(() => expect(state.cases[3]?.kind).toBe("inquiry"));
  expect(state.cases[3]?.category_id).toMatch(/3$/);
});

test("a report stays one", async () => {
  await openConsole(at(IN_HAND), { cases: [{ ...IN_HAND, kind: "report" }] });
  const dialog = await press("改类型和分类");
  expect(within(dialog).getByLabelText("类型")).toBeDisabled();
  expect(within(dialog).getByRole("option", { name: "举报" })).toBeInTheDocument();
});

test("what is out of the ordinary stands above everything else", async () => {
  const { unmount } = await openConsole(at(makeCase(9)));
  expect(await screen.findByText("紧急：有人可能正处在危险中。")).toBeInTheDocument();
  unmount();
  await openConsole(at(makeCase(27)));
  expect(await screen.findByText(/^投诉人不满意，.*要求重办$/)).toBeInTheDocument();
  expect(screen.getByText("答复只说会加强管理，没说热水几点供应。")).toBeInTheDocument();
  expect(screen.getByText(/不能再由冯老师写/)).toBeInTheDocument();
});

const actions: string[] = openapi.components.schemas.ComplaintAction.enum;
// What only complainants or the system do, sending for approval, which is part of writing, and files, which are attached where
// they stand.
const NOT_PRESSED = ["reply_along", "add", "rate", "redo", "submit", "attach"];

test.each(actions.filter((code) => !NOT_PRESSED.includes(code)))(
  "%s has a label and says what it does",
  (code) => {
    expect(verbWords[code]?.label.message).toBeTruthy();
    expect(verbWords[code]?.does.message).toBeTruthy();
  },
);

test.each(
  "received imported amended accepted not_accepted assigned drafted submitted approved returned replied messaged added rated concluded withdrawn referred merged unmerged classified objected held resumed extension_asked extended extension_refused noted supervised reported report_missed supervision_lifted supervision_ended emergency_marked redo_asked reminded card_appealed card_upheld card_lifted notice_issued notice_dropped due_moved due_bound accused_named longer_hold_asked longer_hold_granted longer_hold_refused".split(
    " ",
  ),
)("the timeline has words for %s", (action) => {
  expect(stepWords[action]?.message).toBeTruthy();
});

test("each rung of the ladder has its words", () => {
  expect(Object.keys(rungs).sort()).toEqual([...openapi.components.schemas.ReminderRung.enum].sort());
});
