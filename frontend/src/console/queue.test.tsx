import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server } from "../test/setup";
import { openConsole } from "./test-kit";

const rows = async () =>
  within(await screen.findByRole("table"))
    .getAllByRole("row")
    .slice(1);

test("the address bar says what the list holds, and a filter changes the address", async () => {
  const { router } = await openConsole("/complaints?phase=overdue,long_overdue&sort=due_at");
  for (const row of await rows()) expect(row).toHaveTextContent(/超\d+天/);
  expect(screen.getByRole("link", { name: /^已超期/ })).toHaveAttribute("aria-current", "true");

  await userEvent.type(screen.getByRole("searchbox", { name: "在结果里找" }), "校车座位{Enter}");
  await waitFor(() => expect(router.state.location.search).toContain("q="));
  expect(new URLSearchParams(router.state.location.search).get("q")).toBe("校车座位");
  expect(router.state.location.search).toContain("phase=overdue,long_overdue");
  await waitFor(async () => {
    for (const row of await rows()) expect(row).toHaveTextContent("校车座位不够");
  });

  await userEvent.click(screen.getByRole("button", { name: "清除时限" }));
  await waitFor(() => expect(router.state.location.search).not.toContain("phase"));
});

test("pages go forth by cursor and back", async () => {
  const { router } = await openConsole("/complaints");
  expect(await rows()).toHaveLength(20);
  expect(screen.getByText("第1–20件，共60件")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "下一页" }));
  expect(await screen.findByText("第21–40件，共60件")).toBeInTheDocument();
  expect(router.state.location.search).toContain("cursor=20");
  await userEvent.click(screen.getByRole("button", { name: "上一页" }));
  expect(await screen.findByText("第1–20件，共60件")).toBeInTheDocument();
  expect(router.state.location.search).not.toContain("cursor");
});

test("a search can be sorted by what fits best, and says so when there is more", async () => {
  const { router } = await openConsole("/complaints?q=校车");
  await rows();
  await userEvent.click(screen.getByRole("button", { name: /^排序/ }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "最相关的在前" }));
  await waitFor(() => expect(router.state.location.search).toContain("sort=relevance"));
  expect(await screen.findByText(/^第1–\d+件，共\d+件$/)).toBeInTheDocument();

  server.use(
    http.get("*/api/v1/complaints", async ({ request }) => {
      if (!request.url.includes("sort=relevance")) return undefined;
      const byDate = request.url.replace("sort=relevance", "sort=received_at");
      const page = await (await fetch(byDate, { headers: request.headers })).json();
      const [first] = page.items;
      const items = Array.from({ length: 200 }, (_, i) => ({ ...first, id: `${first.id}${i}` }));
      return HttpResponse.json({ items, next_cursor: null, total: 200, total_is_capped: false });
    }),
  );
  await router.navigate("/complaints?q=校车&sort=relevance&is_emergency=false");
  // Two hundred rows take their time.
  const told = await screen.findByText("最相关的200件；要看全部，请按收到或到期排", {}, { timeout: 10_000 });
  expect(told).toBeInTheDocument();

  // Without words nothing fits better than anything else.
  await userEvent.click(screen.getByRole("button", { name: "清除" }));
  await waitFor(() => expect(router.state.location.search).toBe(""));
  await userEvent.click(screen.getByRole("button", { name: /^排序/ }));
  expect(await screen.findByRole("menuitem", { name: "先到期的在前" })).toBeInTheDocument();
  expect(screen.queryByRole("menuitem", { name: "最相关的在前" })).toBeNull();
});

test("j and k move a mark, Enter opens it, and j goes on to the next case", async () => {
  const { router } = await openConsole("/complaints?state=received");
  const all = await rows();
  await userEvent.keyboard("jjk");
  expect(all[0]).toHaveAttribute("aria-selected", "true");
  await userEvent.keyboard("{Enter}");
  await screen.findByRole("heading", { name: "您现在可以做" });
  const first = router.state.location.pathname;
  await userEvent.keyboard("j");
  await waitFor(() => expect(router.state.location.pathname).not.toBe(first));
  expect(await screen.findByText(/^第2件，共8件$/)).toBeInTheDocument();
  await userEvent.keyboard("u");
  await waitFor(() => expect(router.state.location.pathname).toBe("/complaints"));
  expect(router.state.location.search).toBe("?state=received");
});

test("slash leads to the search box; typing there is no shortcut", async () => {
  const { router } = await openConsole("/complaints");
  await rows();
  await userEvent.keyboard("/");
  const search = screen.getByRole("searchbox", { name: "在结果里找" });
  expect(search).toHaveFocus();
  await userEvent.keyboard("jk");
  expect(search).toHaveValue("jk");
  expect(router.state.location.pathname).toBe("/complaints");
});

test("a view can be named, is kept by the server, and is deleted there", async () => {
  const kept: { id: string; name: string; query: string }[] = [];
  const list = () => HttpResponse.json({ items: kept });
  const { router } = await openConsole("/units");
  server.use(
    http.get("*/api/v1/me/views", list),
    http.post("*/api/v1/me/views", async ({ request }) => {
      const body = (await request.json()) as { name: string; query: string };
      kept.push({ id: "00000000-0000-4000-8000-00000000000a", ...body });
      return HttpResponse.json({ items: kept }, { status: 201 });
    }),
    http.delete("*/api/v1/me/views/:id", () => {
      kept.pop();
      return new HttpResponse(null, { status: 204 });
    }),
  );
  await router.navigate("/complaints?q=校车&phase=overdue,due_soon&cursor=abc");
  await userEvent.click(await screen.findByRole("button", { name: "存为视图" }));
  await userEvent.type(await screen.findByRole("textbox", { name: "视图名称" }), "校车类{Enter}");
  const tab = await screen.findByRole("link", { name: "校车类" });
  expect(tab).toHaveAttribute("aria-current", "true");
  expect(kept).toMatchObject([{ name: "校车类", query: "q=%E6%A0%A1%E8%BD%A6&phase=overdue,due_soon" }]);
  await userEvent.click(screen.getByRole("button", { name: "删掉视图校车类" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "校车类" })).toBeNull());
});

test("no match teaches what to do next", async () => {
  await openConsole("/complaints?q=没有这样的件");
  expect(await screen.findByRole("heading", { name: "没有符合这些条件的件" })).toBeInTheDocument();
});
