import type { Locator } from "@playwright/test";
import { expect, type Page, SCHOOL, settle, signIn } from "./support";

const PDF =
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

type Visit = (page: Page, name: string) => Promise<void>;

/** Goes through the public pages in either language, and stops at each. */
export async function walkPublic(page: Page, visit: Visit) {
  const stop = async (name: string) => {
    await settle(page);
    await visit(page, name);
  };
  const next = () => page.locator("form button[type=submit]").click();
  await page.goto("/");
  await stop("home");
  await page.goto(`/units?q=${encodeURIComponent("没有这样的单位")}`);
  await stop("search-none");
  await page.goto(`/units?q=${encodeURIComponent("柳湾")}`);
  await expect(page.locator(".rows a")).not.toHaveCount(0);
  await stop("search");
  await page.locator(".rows a").first().click();
  await stop("unit");
  await page.goto("/complain");
  await stop("complain-about");
  await page.locator("#unit_id").fill(SCHOOL);
  await page.locator(".choices button").first().click();
  await next();
  await stop("complain-what");
  await next();
  await stop("complain-what-missing");
  await page.locator("input[name=kind]").first().check();
  await page.locator("#title").fill("食堂菜谱两周没有更新");
  await page.locator("#body").fill("这两周食堂门口的菜谱没有换过，希望按周公布。");
  await walkFiles(page, stop);
  await next();
  await stop("complain-answer");
  await page.locator("input[name=answer]").first().check();
  await next();
  await stop("complain-check");
  await page.locator("main .btn.primary").click();
  await expect(page.locator(".code")).toBeVisible();
  await stop("receipt");
  await page.locator("main .btn.primary").click();
  await expect(page.locator(".tl")).toBeVisible();
  await page.locator(".calc > summary").click();
  await stop("follow");
  await page.goto("/follow");
  await page.locator("#code").fill("ABCD EFGH JKMN PQRS TVWX YZ23");
  await page.locator("form button[type=submit]").click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await stop("code-unknown");
  await page.goto("/units/nothing");
  await stop("not-found");
  await page.goto("/statistics");
  await stop("statistics");
  await page.goto("/help");
  await stop("help");
}

/** One file that can be taken, and one that can't, which is removed again. */
async function walkFiles(page: Page, stop: (name: string) => Promise<void>) {
  await page.locator(".attach input[type=file][multiple]").setInputFiles([
    { name: "菜谱.pdf", mimeType: "application/pdf", buffer: Buffer.from(PDF) },
    {
      name: "图.svg",
      mimeType: "image/svg+xml",
      buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    },
  ]);
  const bad = page.locator(".files li.bad");
  await expect(bad).toHaveCount(1, { timeout: 45_000 });
  await stop("complain-files");
  await bad.locator(".link").last().click();
  await expect(page.locator(".files li")).toHaveCount(1);
}

/** The same for the console, as the campaign office; the case, and what one does with it, as a handler. */
export async function walkConsole(page: Page, visit: Visit) {
  const at = async (path: string, name: string) => {
    await page.goto(`/console${path}`);
    await settle(page);
    await visit(page, name);
  };
  await at("/sign-in", "sign-in");
  await signIn(page, "campaign_office");
  await at("/", "office-work");
  await at("/complaints", "queue");
  await at("/statistics", "console-statistics");
  await at("/statistics?period=all&view=units&by=-over15", "console-statistics-units");
  await at("/imports/new", "import");
  await page.locator("input[type=file]").setInputFiles({
    name: "县长信箱.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(
      "留言编号,留言用户,留言主题,留言时间,留言详情\nW1,U1,校车到站晚点,2025-03-01 08:20:00,连续几天晚点。\nW2,U2,日期写错,2025年13月,看不懂。\n",
    ),
  });
  await expect(page.locator("table.map")).toBeVisible();
  await visit(page, "import-columns");
  await page.locator(".foot .btn.p").click();
  await expect(page.locator("dl.strip")).toBeVisible();
  await visit(page, "import-trial");
  await at("/imports", "imports");
  await at("/units", "units");
  await at("/cards", "cards");
  await page.goto("/console/complaints?is_supervised=true");
  await settle(page);
  await page.locator('main a[href^="/console/complaints/"]').first().click();
  await expect(page.locator(".strips")).toBeVisible();
  await settle(page);
  await visit(page, "case-supervised");
  await at("/notices", "notices");
  await at("/templates", "templates");
  await at("/categories", "categories");
  await at("/settings", "settings");
  await at("/calendars", "calendars");
  await at("/members", "forbidden");
  await at("/nothing", "console-not-found");
}

/** A school is to be merged, and split; and what it puts up at its door. */
async function walkStructure(page: Page, visit: Visit) {
  await page.goto("/console/units");
  await settle(page);
  await page.locator("input[data-search=page]").fill("小学");
  await expect(page.locator(".tree [aria-expanded]")).toHaveCount(0);
  await page.locator(".tree .nm").first().click();
  await expect(page.locator("#unit-head")).toBeVisible();
  const card = page.locator(".sidecard, .carddrawer").last();
  const drawer = page.getByRole("dialog").last();
  await card.getByRole("button", { name: /^(合并|Merge)$/ }).click();
  await drawer.getByRole("combobox").click();
  await page.locator(".ant-select-item-option:visible").first().click();
  await drawer.locator("textarea").fill("学校布局调整");
  await drawer.locator("button[type=submit]").click();
  await expect(drawer.locator("form [role=status], form [role=alert]").first()).toBeVisible();
  await visit(page, "unit-merge");
  await drawer.locator(".ant-drawer-close").click();
  await expect(page.locator("form textarea")).toHaveCount(0);
  await card.getByRole("button", { name: /^(拆分|Split)$/ }).click();
  await expect(drawer.locator("textarea")).toBeVisible();
  await visit(page, "unit-split");
  await drawer.locator(".ant-drawer-close").click();
  await page.goto("/console/units");
  await settle(page);
  await page.locator(".tree .nm").first().click();
  await page.locator(".qr summary").click();
  await page.locator(".qr a[href$='/poster']").click();
  await expect
    .poll(() => page.locator(".poster img").evaluate((img: HTMLImageElement) => img.naturalWidth))
    .toBeGreaterThan(0);
  await visit(page, "unit-poster");
}

/** What the administrator keeps: units and members, categories, settings, the calendar, each with its form. */
export async function walkAdmin(page: Page, visit: Visit) {
  const at = async (path: string, name: string) => {
    await page.goto(`/console${path}`);
    await settle(page);
    await visit(page, name);
  };
  const form = async (button: Locator, name: string) => {
    await button.click();
    await expect(page.getByRole("dialog").last()).toBeVisible();
    await visit(page, name);
  };
  await signIn(page, "admin");
  await at("/units", "admin-units");
  await page.locator(".tree .nm").first().click();
  await expect(page.locator("#unit-head")).toBeVisible();
  await page.locator(".qr summary").click();
  await expect
    .poll(() => page.locator(".qr img").evaluate((img: HTMLImageElement) => img.naturalWidth))
    .toBeGreaterThan(0);
  await visit(page, "unit-card");
  await form(page.locator(".sidecard .ef .btn").first(), "unit-form");
  await walkStructure(page, visit);
  await walkLists(page, visit, at);
  await at("/members", "members");
  await form(page.locator(".title .btn.p"), "member-form");
  await page.keyboard.press("Escape");
  await walkPublicCard(page, visit);
  await walkHandOver(page, visit);
  await walkAccountLink(page, visit);
  await at("/categories", "categories-edit");
  await form(page.locator(".title .btn"), "category-form");
  await at("/settings", "settings-edit");
  await at("/calendars", "calendars-edit");
  await form(page.locator(".title .btn"), "calendar-form");
  await at("/account", "account");
  await at("/account/password", "password");
  await at("/account/second-factor", "second-factor");
  // Begun and left alone: nothing is in use before its first code.
  await page.locator("main .btn.p").click();
  await expect(page.locator("figure svg")).toBeVisible();
  await visit(page, "second-factor-begun");
}

/** A list of members as far as its dry run, which changes nothing. */
async function walkLists(page: Page, visit: Visit, at: (path: string, name: string) => Promise<void>) {
  await at("/imports/new?kind=members", "list-import");
  await page.locator("input[type=file]").setInputFiles({
    name: "教师名单.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(
      "工号,姓名,单位,职务,是否党员\nW0001,周敏敏,清河县柳湾小学,教师,是\nW0002,何磊磊,没有的学校,教师,否\nT00001,,,,是\n",
    ),
  });
  await expect(page.locator("table.map")).toBeVisible();
  await visit(page, "list-columns");
  await page.locator(".foot .btn.p").click();
  await expect(page.locator("dl.strip")).toBeVisible();
  await visit(page, "list-trial");
  await at("/imports", "admin-imports");
}

/** Handing over as far as its trial, which changes nothing. */
async function walkPublicCard(page: Page, visit: Visit) {
  await page.goto("/console/members?q=%E7%8E%8B");
  await settle(page);
  await page.locator("table.members .ib").first().click();
  await page.getByRole("menuitem", { name: /^(亮身份|Public card)$/ }).click();
  const drawer = page.getByRole("dialog");
  await drawer.locator("input[name=is_public]").check();
  await visit(page, "public-card");
}

async function walkHandOver(page: Page, visit: Visit) {
  await page.goto("/console/members?q=%E7%8E%8B");
  await settle(page);
  await page.locator("table.members .ib").first().click();
  await page.getByRole("menuitem", { name: /^(交接|Hand over)$/ }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.locator("dl.facts")).toBeVisible();
  await visit(page, "hand-over");
  await drawer.getByRole("combobox").click();
  await page.locator(".ant-select-item-option:visible").first().click();
  await drawer.locator("textarea").fill("调到县城任教");
  await drawer.locator("button[type=submit]").click();
  await expect(drawer.locator("form h2")).toBeVisible();
  await visit(page, "hand-over-trial");
}

/** An invitation: issued, and opened by somebody else, who makes nothing of it; then taken back, so that the next walk finds none. */
async function walkAccountLink(page: Page, visit: Visit) {
  await page.goto("/console/members?q=%E7%8E%8B");
  await settle(page);
  await page.locator("table.members .ib").first().click();
  await page.getByRole("menuitem", { name: /^(账号|Account)$/ }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.locator(".btn.p")).toBeVisible();
  await visit(page, "account-none");
  await drawer.locator(".btn.p").click();
  await expect(drawer.locator(".link-text")).toBeVisible();
  await visit(page, "account-link-issued");
  const address = (await drawer.locator(".link-text").innerText()).trim();
  const guest = await page
    .context()
    .browser()
    ?.newContext({
      viewport: page.viewportSize(),
      locale: await page.evaluate(() => navigator.language),
    });
  const opened = await guest?.newPage();
  if (!guest || !opened) throw new Error("no second browser");
  await opened.goto(address);
  await expect(opened.locator("#password")).toBeVisible();
  await visit(opened, "account-link");
  await opened.locator("button[type=submit]").click();
  await expect(opened.getByRole("alert")).toBeFocused();
  await visit(opened, "account-link-missing");
  await drawer.locator(".btn.dz").click();
  await expect(drawer.locator(".link-text")).toHaveCount(0);
  await opened.goto("about:blank");
  await opened.goto(address);
  await expect(opened.getByRole("alert")).toBeVisible();
  await visit(opened, "account-link-closed");
  await guest.close();
}

/** The event log, as an inspector with everything and as the auditor, who is told of no case. */
export async function walkLog(page: Page, visit: Visit) {
  const isPhone = (page.viewportSize()?.width ?? 0) < 768;
  const first = () => page.locator(isPhone ? "main a.card" : "main .log a.go-in").first();
  const detail = () => page.locator(".beside dl.told, [role=dialog] dl.told");
  await signIn(page, "inspector", "/events");
  await settle(page);
  await visit(page, "log");
  await first().click();
  await expect(detail()).toBeVisible();
  await visit(page, "log-event");
  await page.goto("/console/events?action=complaints.assigned,complaints.replied&from=2020-01-01&sort=at");
  await settle(page);
  await visit(page, "log-filtered");
  await page.goto("/console/events?q=2020-000001-A");
  await settle(page);
  await visit(page, "log-nothing");
  await signIn(page, "audit_admin", "/events?subject_kind=complaints");
  await settle(page);
  await first().click();
  await expect(detail()).toBeVisible();
  await visit(page, "log-auditor");
}

export async function walkCase(page: Page, visit: Visit) {
  await signIn(page, "handler");
  await page.goto("/console/");
  await settle(page);
  await visit(page, "my-work");
  await page.goto("/console/register");
  await settle(page);
  await page.locator("input[name=register-contact]").nth(1).check();
  await visit(page, "register");
  await page.locator(".register button[type=submit]").click();
  await expect(page.locator(".register [role=alert]")).toBeFocused();
  await visit(page, "register-missing");
  await page.locator("input[name=register-contact]").first().check();
  await page.locator("#register-title").fill("校车连着三天晚点");
  await page.locator("#register-body").fill("家长来电：这周一到周三校车都晚到二十分钟。");
  await page.locator(".register button[type=submit]").click();
  await expect(page.locator(".code")).toBeVisible();
  await visit(page, "register-receipt");
  await page.locator(".receipt input[type=checkbox]").check();
  await page.goto("/console/complaints?state=in_handling");
  await settle(page);
  await page.locator('main a[href^="/console/complaints/"]').first().click();
  await expect(page.locator("#actions")).toBeVisible();
  await settle(page);
  await visit(page, "case");
  await page.getByRole("button", { name: /^(附上文件|Attach files)$/ }).click();
  await page.getByRole("dialog").locator("button[type=submit]").click();
  await expect(page.getByRole("dialog").locator(".err")).not.toBeEmpty();
  await visit(page, "case-attach");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.locator("#actions details.more summary").click();
  await visit(page, "case-more");
  await page.getByRole("button", { name: /^(请投诉人补充|Ask the complainant)$/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await visit(page, "case-hold");
  await page.goto(`${page.url().split("?")[0]}/file`);
  await settle(page);
  await visit(page, "case-file");
}

/** Who holds which role, as the administrator who gives them. */
export async function walkRoles(page: Page, visit: Visit) {
  const at = async (path: string, name: string) => {
    await page.goto(`/console${path}`);
    await settle(page);
    await visit(page, name);
  };
  await signIn(page, "admin", "/role-grants");
  await page.goto("/console/role-grants");
  await settle(page);
  await page.locator("details.guide summary").click();
  await visit(page, "roles");
  await at("/role-grants?state=all&is_deputy=true", "roles-deputies");
  await page.locator(".grants .ib").first().click();
  await page.getByRole("menuitem", { name: /^(终止|End)$/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await settle(page);
  await visit(page, "roles-end");
  await at("/role-grants?q=nobody", "roles-none");
  await page.getByRole("button", { name: /^(授予角色|Grant a role)$/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await settle(page);
  await visit(page, "roles-grant");
  await at(`/members?q=${encodeURIComponent("杨")}`, "members-roles");
}
