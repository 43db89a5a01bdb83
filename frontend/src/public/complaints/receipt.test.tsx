import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { receiptCode, region } from "../../mocks/data";
import { visitPublicCounty } from "../../test/public";
import { currentAddress, expectAccessible, open } from "../../test/render";
import { keepReceipt } from "./receipt";

visitPublicCounty();

const give = () =>
  keepReceipt({
    number: "QH-2026-004218",
    receipt_code: receiptCode,
    kind: "report",
    unit: { id: region.id, name: region.name, name_en: region.name_en },
    received_on: "2026-11-23",
    expected_by: "2026-12-08",
  });

test("the code stands in groups of four, with the number apart from it", async () => {
  give();
  open("/receipt");
  expect(await screen.findByRole("heading", { level: 1, name: "已经收到您的举报" })).toBeVisible();
  for (const group of ["7KQM", "4XWD", "9TRF", "2HNC", "P3VB", "Z86E"])
    expect(screen.getByText(group)).toBeVisible();
  expect(screen.getByText("QH-2026-004218")).toBeVisible();
  expect(screen.getByText(/离开这一页，就再也看不到它了/)).toBeVisible();
  await expectAccessible();
});

test("copying says so; where nothing can copy, the code is selected instead", async () => {
  const user = userEvent.setup();
  give();
  open("/receipt");
  await user.click(await screen.findByRole("button", { name: "复制" }));
  expect(await screen.findByRole("button", { name: "已复制" })).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe("7KQM 4XWD 9TRF 2HNC P3VB Z86E");

  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("plain http"));
  await user.click(screen.getByRole("button", { name: "已复制" }));
  expect(await screen.findByText(/查询码已经选中/)).toBeVisible();
  expect(globalThis.getSelection()?.toString().replace(/\s/g, "")).toBe(receiptCode);
});

test("going on opens the case without the code in the address", async () => {
  const user = userEvent.setup();
  give();
  open("/receipt");
  await user.click(await screen.findByRole("button", { name: "我记好了，去看进度" }));
  expect(await screen.findByRole("heading", { level: 1, name: "食堂菜谱两周没有更新" })).toBeVisible();
  expect(currentAddress()).toBe("/follow");
});

test("without a receipt the page explains why there is none", async () => {
  open("/receipt");
  expect(await screen.findByRole("heading", { level: 1, name: "查询码只显示一次" })).toBeVisible();
  await expectAccessible();
});

/** Closes the tab; says whether the browser would ask first. */
const leave = () => {
  const event = new Event("beforeunload", { cancelable: true });
  globalThis.dispatchEvent(event);
  return event.defaultPrevented;
};

test("closing the page before the code was kept is asked about", async () => {
  const user = userEvent.setup();
  give();
  open("/receipt");
  const copy = await screen.findByRole("button", { name: "复制" });
  expect(leave()).toBe(true);
  await user.click(copy);
  await screen.findByRole("button", { name: "已复制" });
  expect(leave()).toBe(false);
});
