import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { Schemas } from "../../api/client";
import { units } from "../../mocks/data";
import { visitPublicCounty } from "../../test/public";
import { expectAccessible, open } from "../../test/render";
import { server } from "../../test/setup";

visitPublicCounty();

const [bureau, school] = units as [Schemas["PublicUnit"], Schemas["PublicUnit"]];

test("a unit shows whom it decided to show, and who is of the party only where that is shown", async () => {
  open(`/units/${bureau.id}`);
  const people = within(await screen.findByRole("region", { name: "这里的工作人员" }));
  const rows = people.getAllByRole("listitem");
  expect(rows.map((row) => row.textContent?.trim())).toEqual(["陈老师 投诉受理岗 党员", "周老师 班主任"]);
  await expectAccessible();
});

test("a closed unit says who came in its place, and is nobody to complain to", async () => {
  const closed = {
    ...school,
    closed_at: "2026-09-01T01:00:00Z",
    successors: [{ unit: bureau, kind: "merged", succeeded_on: "2026-09-01" }],
  } satisfies Schemas["PublicUnit"];
  server.use(http.get(`*/api/v1/public/units/${school.id}`, () => HttpResponse.json(closed)));
  open(`/units/${school.id}`);
  expect(await screen.findByRole("heading", { name: /2026年9月1日.*已并入下面的单位/ })).toBeVisible();
  expect(screen.queryByRole("link", { name: "投诉或建议" })).toBeNull();
  expect(screen.queryByRole("region", { name: "这里的工作人员" })).toBeNull();
  await expectAccessible();
  await userEvent.click(within(screen.getByRole("note")).getByRole("link", { name: bureau.name }));
  expect(await screen.findByRole("heading", { level: 1, name: bureau.name })).toBeVisible();
});
