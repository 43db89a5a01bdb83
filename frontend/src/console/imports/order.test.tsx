import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { server } from "../../test/setup";
import { openConsole } from "../test-kit";

test("a hotline's orders are sent as such, and the run says so", async () => {
  const { router, state } = await openConsole("/imports/new");
  await userEvent.upload(await screen.findByLabelText("台账文件"), new File(["x"], "台账.xlsx"));
  await userEvent.selectOptions(await screen.findByRole("combobox", { name: /“诉求”是什么/ }), "留言详情");
  const box = screen.getByRole("checkbox", { name: /这些是热线工单/ });
  expect(box).not.toBeChecked();
  await userEvent.click(box);
  // jsdom's forms can't be read by Node's fetch, so what goes into one is watched instead.
  const append = vi.spyOn(FormData.prototype, "append");
  await userEvent.click(screen.getByRole("button", { name: "试运行，先不写入" }));
  await waitFor(() => expect(append.mock.calls).toContainEqual(["is_order", "true"]));
  append.mockRestore();
  await waitFor(() => expect(state.jobs).toHaveLength(1));
  const [job] = state.jobs;
  server.use(
    http.get("*/api/v1/imports/:id", ({ params }) =>
      HttpResponse.json({ ...job, id: params.id, is_order: params.id === "order" }),
    ),
  );
  await router.navigate("/imports/order");
  expect(await screen.findByText(/^来源：/)).toHaveTextContent("热线工单");
  await router.navigate("/imports/another");
  await waitFor(() => expect(screen.getByText(/^来源：/)).not.toHaveTextContent("热线工单"));
});
