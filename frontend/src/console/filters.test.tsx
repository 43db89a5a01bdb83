import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openConsole } from "./test-kit";

test("a link may ask for those without a mark: it is shown, and taken away again", async () => {
  const { router } = await openConsole("/complaints?is_emergency=false");
  const chip = await screen.findByRole("button", { name: /紧急.*除外/ });
  expect(router.state.location.search).toBe("?is_emergency=false");
  await userEvent.click(chip);
  const clear = await screen.findAllByRole("button", { name: /清除|移除/ });
  await userEvent.click(clear[0] as HTMLElement);
  await waitFor(() => expect(router.state.location.search).toBe(""));
});

test("several kinds, nobody's cases, levels and days due stand in the address and on their chips", async () => {
  const { router } = await openConsole(
    "/complaints?kind=grievance,inquiry&has_handler=false&satisfaction=1,2&due_from=2026-11-22T16:00:00Z&due_before=2026-11-29T16:00:00Z",
  );
  expect(await screen.findByRole("button", { name: /种类.*投诉.*咨询/ })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: /承办人.*未指定/ })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: /满意度.*非常不满意/ })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: /到期日.*2026-11-23至2026-11-29/ })).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "清除承办人" }));
  await userEvent.click(screen.getByRole("button", { name: "清除到期日" }));
  await waitFor(() => expect(router.state.location.search).toBe("?kind=grievance,inquiry&satisfaction=1,2"));
  await userEvent.click(screen.getByRole("button", { name: /^满意度/ }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "未评价" }));
  await waitFor(() => expect(router.state.location.search).toBe("?kind=grievance,inquiry&is_rated=false"));
});
