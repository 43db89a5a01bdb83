import { desk, expect, type Page, phone, settle, signIn, test } from "./support";

const CHINESE = /\p{Script=Han}/u;

/** Headings, buttons, labels and the like are the app's own words; names and what people wrote stay as they are. */
async function expectEnglish(page: Page, name: string) {
  await settle(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  const words = await page.evaluate(() => {
    const written = "h1, h2, h3, button, label, legend, th, dt, summary, nav a, .logo, .btn, [role=tab]";
    return [...document.querySelectorAll<HTMLElement>(`${written}, [aria-label], [placeholder]`)]
      .filter((element) => !element.closest("[lang='zh-CN'], [data-words]"))
      .flatMap((element) => [
        // What is only named may hold other people's words.
        element.matches(written) ? element.innerText : "",
        element.ariaLabel ?? "",
        element.getAttribute("placeholder") ?? "",
      ]);
  });
  expect
    .soft(
      words.filter((word) => CHINESE.test(word)),
      name,
    )
    .toEqual([]);
}

test("the public portal in English", async ({ open }) => {
  const page = await open({ ...phone, locale: "en-US" });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Qinghe County Education Bureau" })).toBeVisible();
  await expectEnglish(page, "home");
  await page.getByRole("searchbox").fill("Liuwan Primary");
  await page.getByRole("searchbox").press("Enter");
  await page.getByRole("link", { name: "Liuwan Primary School", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Liuwan Primary School" })).toBeVisible();
  await expectEnglish(page, "unit");
  await page.goto("/complain");
  await expectEnglish(page, "complain");
  await page.goto("/statistics");
  await expectEnglish(page, "statistics");
});

test("the console in English", async ({ open }) => {
  const page = await open({ ...desk, locale: "en-US" });
  await page.goto("/console/sign-in");
  await expectEnglish(page, "sign-in");
  await signIn(page, "campaign_office", "/complaints");
  await expect(page.getByRole("heading", { level: 1, name: "Complaints" })).toBeVisible();
  await expectEnglish(page, "queue");
  await page.goto("/console/statistics");
  await expectEnglish(page, "statistics");
});
