import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { server } from "../test/setup";
import { common, standIns } from "./complaints/queue/useTakers";
import { makeCase, people, school, summaryOf, unitRefs } from "./mocks/data";
import { openConsole } from "./test-kit";

const takers = (...numbers: number[]) =>
  numbers.map((n) => ({
    ...(people[n] as (typeof people)[number]),
    unit: school,
    open_cases: n,
    is_barred: false,
  }));
const [FIRST, SECOND] = [makeCase(1), makeCase(9)];

/** Ticks two cases and goes on to choose the school. */
async function chooseFor(second: object, lists: Record<string, ReturnType<typeof takers>>) {
  const cases = [FIRST, { ...SECOND, ...second }].map((one) => ({ ...one, state: "accepted" as const }));
  await openConsole("/complaints", { cases });
  server.use(
    http.get("*/api/v1/complaints/:id/assignees", ({ params }) =>
      HttpResponse.json({ items: lists[String(params.id)] }),
    ),
  );
  for (const { number } of cases) {
    await userEvent.click(await screen.findByRole("checkbox", { name: `选中${number}` }));
  }
  await userEvent.click(screen.getByRole("button", { name: "交办" }));
  const drawer = within(await screen.findByRole("dialog"));
  await userEvent.type(drawer.getByRole("combobox", { name: "承办单位" }), school.name);
  await userEvent.click(
    await screen.findByText((_, node) => node?.className === "ant-select-item-option-content"),
  );
  return drawer;
}

test("only who can take each of the chosen ones is offered, and not who did not satisfy", async () => {
  const redo = { asked_on: "2026-11-20", reason: "没解决", not_by: people[2] ?? null };
  const drawer = await chooseFor(
    { redo, unit: unitRefs[5] },
    { [FIRST.id]: takers(0, 1, 2), [SECOND.id]: takers(1, 2, 3) },
  );
  expect(await drawer.findByRole("radio", { name: new RegExp(`^${people[1]?.name}`) })).toBeEnabled();
  for (const n of [0, 2, 3]) {
    expect(drawer.queryByRole("radio", { name: new RegExp(`^${people[n]?.name}`) })).toBeNull();
  }
  expect(drawer.getByText(/选中的分在2个单位/)).toBeVisible();
});

test("where nobody can take all of them, it is said", async () => {
  const sealed = { is_sealed: true, unit: FIRST.unit };
  const drawer = await chooseFor(sealed, { [FIRST.id]: takers(0), [SECOND.id]: takers(3) });
  expect(await drawer.findByText(/没有人能承办选中的每一件/)).toBeVisible();
  expect(drawer.queryByText(/选中的分在/)).toBeNull();
});

test("one ordinary case stands for all of them", () => {
  const [one, other] = [summaryOf(FIRST), summaryOf(SECOND)];
  expect(standIns([one, other])).toEqual([one]);
  const redone = { ...other, is_redone: true };
  expect(standIns([redone, one, one])).toEqual([one, redone]);
  expect(common([takers(0, 1), takers(1, 2)])).toEqual(takers(1));
  expect(common([])).toEqual([]);
});
