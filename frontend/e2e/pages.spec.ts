import { desk, expectSound, phone, test } from "./support";
import { walkCase, walkConsole, walkPublic, walkRoles } from "./walk";

for (const [device, options] of Object.entries({ phone, desk })) {
  test(`the public pages are accessible: ${device}`, async ({ open }) => {
    await walkPublic(await open(options), expectSound);
  });

  test(`the console's pages are accessible: ${device}`, async ({ open }) => {
    await walkConsole(await open(options), expectSound);
  });

  test(`the pages of roles are accessible: ${device}`, async ({ open }) => {
    await walkRoles(await open(options), expectSound);
  });

  test(`a case and the way to take one down are accessible: ${device}`, async ({ open }) => {
    await walkCase(await open(options), expectSound);
  });
}
