import { desk, type Page, phone, tablet, test } from "./support";
import { walkAdmin, walkCase, walkConsole, walkLog, walkPublic, walkRoles } from "./walk";

// Pictures to look at, in test-results/shots; nothing is asserted, so they are taken on demand: SHOTS=1 npm run e2e

for (const [size, options] of Object.entries({ 390: phone, 768: tablet, 1440: desk })) {
  for (const locale of ["zh-CN", "en-US"]) {
    test(`pictures: ${size} ${locale}`, async ({ open }) => {
      test.setTimeout(120_000);
      const take = (page: Page, name: string) =>
        page
          .screenshot({ path: `test-results/shots/${name}-${size}-${locale}.png`, fullPage: true })
          .then(() => {});
      await walkPublic(await open({ ...options, locale }), take);
      await walkConsole(await open({ ...options, locale }), take);
      await walkAdmin(await open({ ...options, locale }), take);
      await walkRoles(await open({ ...options, locale }), take);
      await walkCase(await open({ ...options, locale }), take);
      await walkLog(await open({ ...options, locale }), take);
    });
  }
}
