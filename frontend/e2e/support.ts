import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from "@playwright/test";

export { expect, type Page } from "@playwright/test";

export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
export const tablet = { viewport: { width: 768, height: 1024 } };
export const desk = { viewport: { width: 1440, height: 900 } };

/** The school that the demo county's handler and head work at. */
export const SCHOOL = "清河县柳湾小学";

interface Fixtures {
  /** A page of somebody else, with nothing in common with the other pages. */
  open: (options?: BrowserContextOptions) => Promise<Page>;
}

/** Every test fails where a page broke the Content-Security-Policy or threw. */
export const test = base.extend<Fixtures>({
  open: async ({ browser }, use) => {
    const faults: string[] = [];
    const contexts: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      context.on("console", (message) => {
        if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
      });
      context.on("weberror", (fault) => faults.push(String(fault.error())));
      return context.newPage();
    });
    for (const context of contexts) await context.close();
    expect(faults).toEqual([]);
  },
});

interface Account {
  role: string;
  login: string;
  password: string;
}

/** The demo county's first account of a role, or the one of a login; script/with-server says where they are. */
export function accountOf(role: string): Account {
  const path = process.env.LIANGNUO_E2E_ACCOUNTS;
  if (!path) throw new Error("LIANGNUO_E2E_ACCOUNTS is not set: run this by script/with-server");
  const accounts = JSON.parse(readFileSync(path, "utf8")) as Account[];
  const account = accounts.find((each) => each.role === role || each.login === role);
  if (!account) throw new Error(`no account of the role ${role}`);
  return account;
}

/** Signs in at the form, and is on the page that was asked for. */
export async function signIn(page: Page, role: string, path = "/") {
  const { login, password } = accountOf(role);
  await page.goto(`/console/sign-in?next=${encodeURIComponent(path)}`);
  await page.locator("#login").fill(login);
  await page.locator("#password").fill(password);
  await page.locator("button[type=submit]").click();
  // The frame is there; on a phone its menu waits behind a button.
  await expect(page.locator("header.head")).toBeVisible();
}

/** What is being fetched has come: nothing on the page says that it is busy. */
export async function settle(page: Page) {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"], .sk, .skel')).toHaveCount(0);
}

/** WCAG 2.2 AA by axe, and nothing wider than the screen. */
export async function expectSound(page: Page, name: string, within = "body") {
  const { violations } = await new AxeBuilder({ page })
    .include(within)
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
  expect.soft(found, `axe: ${name}`).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(overflow, `wider than the screen: ${name}`).toBeLessThanOrEqual(0);
}
