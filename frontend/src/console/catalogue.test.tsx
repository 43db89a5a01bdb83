import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server } from "../test/setup";
import { withTemplate } from "./complaints/case/TemplatePicker";
import { makeCase } from "./mocks/data";
import { openConsole } from "./test-kit";

const template = {
  id: "00000000-0000-4000-8000-000000000001",
  unit: { id: "00000000-0000-4000-8000-000000000002", name: "教育局", name_en: null },
  purpose: "reply" as const,
  category_id: null,
  kind: null,
  name: "供餐",
  request: "您反映“食堂”。",
  facts: "",
  decision: "已整改。",
  basis: "供餐合同第七条。",
  body: "",
  closed_at: null,
  may_edit: true,
  version: 3,
};

test("a template fills what is blank and never overwrites what stands there", () => {
  const parts = { request: "", facts: "查过了。", decision: "先道歉。", basis: " " };
  expect(withTemplate(parts, template)).toEqual({
    request: "您反映“食堂”。",
    facts: "查过了。",
    decision: "先道歉。\n已整改。",
    basis: "供餐合同第七条。",
  });
});

test("a template is put into the reply and taken back", async () => {
  const one = makeCase(0);
  await openConsole("/units");
  const asked = http.get("*/api/v1/complaints/:id/templates", () => HttpResponse.json({ items: [template] }));
  server.use(asked);
  const drafting = { ...one, state: "in_handling", draft: null, allowed_actions: ["draft", "submit"] };
  server.use(http.get(`*/api/v1/complaints/${one.id}`, () => HttpResponse.json(drafting)));
  const { router } = await openConsole("/units");
  server.use(
    asked,
    http.get(`*/api/v1/complaints/${one.id}`, () => HttpResponse.json(drafting)),
  );
  await router.navigate(`/complaints/${one.id}`);
  const [select] = await screen.findAllByRole("combobox", { name: "套用模板" });
  await userEvent.selectOptions(select as HTMLElement, "供餐");
  const basis = screen.getByRole("textbox", { name: /^依据/ });
  expect(basis).toHaveValue("供餐合同第七条。");
  await userEvent.click(screen.getByRole("button", { name: "撤销" }));
  expect(basis).toHaveValue("");
});

test("a category is renamed on the version that was read, and only by who may", async () => {
  const category = {
    id: "00000000-0000-4000-8000-000000000003",
    parent_id: null,
    name: "午休",
    name_en: null,
    depth: 1,
    position: 2,
    closed_at: null,
    version: 4,
  };
  const listed = http.get("*/api/v1/categories", () => HttpResponse.json({ items: [category] }));
  const { router, unmount } = await openConsole("/units", { login: "admin" });
  const seen: unknown[] = [];
  server.use(
    listed,
    http.patch("*/api/v1/categories/:id", async ({ request }) => {
      seen.push(request.headers.get("if-match"), await request.json());
      return HttpResponse.json({ ...category, version: 5 });
    }),
  );
  await router.navigate("/categories");
  await userEvent.click(await screen.findByRole("button", { name: "修改“午休”" }));
  const name = screen.getByRole("textbox", { name: "名称" });
  await userEvent.clear(name);
  await userEvent.type(name, "午间休息");
  await userEvent.click(screen.getByRole("button", { name: "保存" }));
  await waitFor(() => expect(seen).toEqual(['"v4"', { name: "午间休息", name_en: null, position: 2 }]));
  unmount();

  const other = await openConsole("/units", { login: "handler" });
  server.use(listed);
  await other.router.navigate("/categories");
  expect(await screen.findByText("午休")).toBeVisible();
  expect(screen.queryByRole("button", { name: "修改“午休”" })).toBeNull();
});

test("a new template says for whose cases and what it is for", async () => {
  const { router } = await openConsole("/units", { login: "all" });
  const seen: Record<string, unknown>[] = [];
  server.use(
    http.get("*/api/v1/reply-templates", () => HttpResponse.json({ items: [] })),
    http.get("*/api/v1/categories", () => HttpResponse.json({ items: [] })),
    http.post("*/api/v1/reply-templates", async ({ request }) => {
      seen.push((await request.json()) as Record<string, unknown>);
      return HttpResponse.json(template, { status: 201 });
    }),
  );
  await router.navigate("/templates");
  await userEvent.click(await screen.findByRole("button", { name: "新建模板" }));
  await userEvent.type(screen.getByRole("textbox", { name: "名称" }), "问日期");
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "用来写什么" }), "请投诉人补充");
  await userEvent.type(screen.getByRole("textbox", { name: "内容" }), "请问是哪一天？");
  await userEvent.click(screen.getByRole("button", { name: "新建" }));
  await waitFor(() => expect(seen).toHaveLength(1));
  expect(seen[0]).toMatchObject({ purpose: "question", name: "问日期", body: "请问是哪一天？", kind: null });
});
