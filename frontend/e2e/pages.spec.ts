import { desk, expectSound, phone, test } from "./support";
import { walkAdmin, walkCase, walkConsole, walkLog, walkPublic, walkRoles } from "./walk";

// Each goes through some twenty pages, and axe reads all of each.
test.describe.configure({ timeout: 300_000 });

for (const [device, options] of Object.entries({ phone, desk })) {
  test(`the public pages are accessible: ${device}`, async ({ open }) => {
    await walkPublic(await open(options), expectSound);
  });

  test(`the console's pages are accessible: ${device}`, async ({ open }) => {
    await walkConsole(await open(options), expectSound);
  });

  test(`what an administrator keeps is accessible: ${device}`, async ({ open }) => {
    await walkAdmin(await open(options), expectSound);
  });

  test(`the event log is accessible: ${device}`, async ({ open }) => {
    await walkLog(await open(options), expectSound);
  });

  test(`the pages of roles are accessible: ${device}`, async ({ open }) => {
    await walkRoles(await open(options), expectSound);
  });

  test(`a case and the way to take one down are accessible: ${device}`, async ({ open }) => {
    await walkCase(await open(options), expectSound);
  });
}
