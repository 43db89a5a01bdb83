import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";

/** WCAG 2.2 AA by axe, and nothing wider than the screen. */
export async function expectSound(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
}

/** A picture to look at, in test-results/, named by the size it was taken at. */
export async function takePicture(page: Page, name: string) {
  const { name: size } = test.info().project;
  await page.screenshot({ path: `test-results/pictures/${name}-${size}.png`, fullPage: true });
}
