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
