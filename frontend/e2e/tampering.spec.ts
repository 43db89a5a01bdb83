import { DatabaseSync } from "node:sqlite";
import { desk, expect, expectSound, type Page, settle, signIn, test } from "./support";

/** Does something to the server's database past the server, as whoever holds the machine could. */
function pastTheServer(sql: string) {
  const folder = process.env.LIANGNUO_DATA_DIR;
  if (!folder) throw new Error("run this by script/with-server");
  const database = new DatabaseSync(`${folder}/liangnuo.db`, { timeout: 5_000 });
  try {
    const kept = database
      .prepare("SELECT sql FROM sqlite_master WHERE name = 'events_are_never_changed'")
      .get();
    database.exec("BEGIN IMMEDIATE; DROP TRIGGER events_are_never_changed");
    database.exec(sql);
    // The trace is covered up as far as that goes.
    database.exec(String(kept?.sql));
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

async function verify(page: Page) {
  const seal = page.getByRole("region", { name: "日志核验" });
  await seal.getByRole("button", { name: "核验日志" }).click();
  return seal;
}

test("an inspector verifies the log, and finds the one row that was touched in the database", async ({
  open,
}) => {
  test.slow();
  const inspector = await open({ ...desk, locale: "zh-CN" });
  await signIn(inspector, "inspector", "/events");
  await settle(inspector);
  const seal = await verify(inspector);
  await expect(seal.getByText(/日志完好/)).toBeVisible({ timeout: 60_000 });

  // One event, a microsecond later than it was.
  const one = "(SELECT id FROM events WHERE action = 'complaints.accepted' ORDER BY at LIMIT 1)";
  pastTheServer(`UPDATE events SET at = at + 1 WHERE id = ${one}`);
  await verify(inspector);
  await expect(seal.getByText(/与封存时不符/)).toBeVisible({ timeout: 60_000 });
  await expect(seal.getByRole("listitem")).toHaveCount(1);
  await expectSound(inspector, "a log that was tampered with");

  // Put back, it is whole again: nothing else was touched.
  pastTheServer(`UPDATE events SET at = at - 1 WHERE id = ${one}`);
  await verify(inspector);
  await expect(seal.getByText(/日志完好/)).toBeVisible({ timeout: 60_000 });
});
