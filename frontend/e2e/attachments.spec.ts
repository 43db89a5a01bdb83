import { readFileSync } from "node:fs";
import { desk, expect, expectSound, type Page, phone, SCHOOL, signIn, test } from "./support";

const TITLE = "食堂后门堆着过期的菜";
const PLACE = "GPS-31.2304N-121.4737E";
const PDF = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
);
const SVG = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");

test("a resident sends photos from a phone, and the handler sees what can be seen", async ({ open }) => {
  const resident = await open(phone);
  await begin(resident);
  const photos = [await photo(resident, 1), await photo(resident, 2)];
  const breaks = await breakOnce(resident);
  await resident.locator("input[type=file][multiple]").setInputFiles([
    { name: "后门.jpg", mimeType: "image/jpeg", buffer: photos[0] as Buffer },
    { name: "日期.jpg", mimeType: "image/jpeg", buffer: photos[1] as Buffer },
    { name: "通知.pdf", mimeType: "application/pdf", buffer: PDF },
    { name: "图.svg", mimeType: "image/svg+xml", buffer: SVG },
  ]);
  const files = resident.getByRole("list", { name: "已选的文件" });
  await expect(files.getByText("可以提交")).toHaveCount(3, { timeout: 45_000 });
  expect(breaks.count).toBe(1);
  await expect(files.getByText("不能接收这种文件")).toBeVisible();
  await expectSound(resident, "files chosen: phone");

  // What can't be taken does not go along unnoticed.
  await goOn(resident);
  await resident.getByRole("button", { name: "提交投诉" }).click();
  await expect(resident.getByRole("alert")).toContainText("有的文件不能接收");
  await resident.getByRole("link", { name: /照片和文件/ }).click();
  // A reload loses none of them.
  await resident.reload();
  await expect(files.getByRole("listitem")).toHaveCount(4);
  await resident.getByRole("button", { name: "移除 图.svg" }).click();
  await expect(files.getByRole("listitem")).toHaveCount(3);
  await goOn(resident);
  await expect(resident.getByText("后门.jpg")).toBeVisible();
  await resident.getByRole("button", { name: "提交投诉" }).click();
  await expect(resident.getByRole("heading", { name: "已经收到您的投诉" })).toBeVisible();
  const code = await resident.locator(".code").innerText();
  await resident.getByRole("button", { name: "我记好了，去看进度" }).click();
  const sent = resident.getByRole("region", { name: "您发来的文件" });
  await expect(sent.getByText("经办人能看到")).toHaveCount(3);
  await expectSound(resident, "a case with files: phone");

  const handler = await open(desk);
  await signIn(handler, "handler", "/complaints");
  await handler.getByRole("link", { name: TITLE }).click();
  const section = handler.getByRole("region", { name: "附件（3）" });
  const thumbs = section.getByRole("button", { name: /^放大/ });
  await expect(thumbs).toHaveCount(2);
  await expect(section.locator("img")).toHaveCount(2);
  // Upright: a telephone writes how it was held into the head, which is gone.
  const size = await section
    .locator("img")
    .first()
    .evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
  expect(size).toEqual([480, 640]);
  await expectSound(handler, "a case with files: console");
  await thumbs.first().click();
  await expect(handler.getByRole("dialog")).toBeVisible();
  await handler.keyboard.press("Escape");
  await expect(handler.getByRole("dialog")).toHaveCount(0);

  expect(photos[0]?.includes(PLACE)).toBe(true);
  const saved = await save(handler, "后门.jpg");
  expect(saved.includes(PLACE)).toBe(false);
  expect(saved.includes("Exif")).toBe(false);
  expect((await save(handler, "通知.pdf")).equals(PDF)).toBe(true);

  await handler.setViewportSize(phone.viewport);
  await expectSound(handler, "a case with files: console on a phone");

  await attachEvidence(handler);
  await resident.goto("/follow");
  await resident.locator("#code").fill(code);
  await resident.locator("form button[type=submit]").click();
  await expect(sent.getByRole("listitem")).toHaveCount(3);
  await removeEvidence(handler);
});

/** The handler was there with a telephone, too. */
async function attachEvidence(handler: Page) {
  await handler.getByRole("button", { name: "附上文件" }).click();
  const drawer = handler.getByRole("dialog", { name: "附上文件" });
  await drawer.getByRole("button", { name: "附上", exact: true }).click();
  await expect(drawer.getByRole("alert")).toHaveText("请先选择文件。");
  await drawer.locator("input[type=file][multiple]").setInputFiles([
    { name: "整改后.jpg", mimeType: "image/jpeg", buffer: await photo(handler, 3) },
    { name: "图.svg", mimeType: "image/svg+xml", buffer: SVG },
  ]);
  const files = drawer.getByRole("list", { name: "已选的文件" });
  await expect(files.getByText("可以提交")).toHaveCount(1, { timeout: 45_000 });
  await expect(files.getByText("不能接收这种文件")).toBeVisible({ timeout: 45_000 });
  await drawer.getByRole("button", { name: "附上", exact: true }).click();
  await expect(drawer.getByRole("alert")).toContainText("有的文件不能接收");
  await expectSound(handler, "evidence chosen: console on a phone");
  await drawer.getByRole("button", { name: "移除 图.svg" }).click();
  // Twice: it is attached once.
  await drawer.getByRole("button", { name: "附上", exact: true }).dblclick();
  await expect(drawer).toHaveCount(0);
  await expect(handler.getByRole("region", { name: "附件（4）" })).toContainText("整改后.jpg");
}

async function removeEvidence(handler: Page) {
  // What the complainant sent is nobody's to remove.
  await expect(handler.getByRole("button", { name: /^移除/ })).toHaveCount(1);
  await handler.getByRole("button", { name: "移除 整改后.jpg" }).click();
  const dialog = handler.getByRole("dialog", { name: "移除这个文件" });
  await expect(dialog.getByRole("button", { name: "移除" })).toBeDisabled();
  await dialog.getByLabel("理由").fill("拍的是另一个门");
  await expectSound(handler, "evidence to be removed: console on a phone");
  await dialog.getByRole("button", { name: "移除" }).click();
  await expect(handler.getByRole("region", { name: "附件（3）" })).toBeVisible();
  await expect(handler.getByText("拍的是另一个门")).toBeVisible();
}

async function begin(page: Page) {
  await page.goto("/");
  await page.getByRole("searchbox").fill("柳湾");
  await page.getByRole("button", { name: "查找" }).click();
  await page.getByRole("link", { name: SCHOOL }).click();
  await page.getByRole("link", { name: "投诉或建议" }).filter({ visible: true }).click();
  await page.getByRole("radio", { name: /^投诉/ }).check();
  await page.getByRole("textbox", { name: "一句话说是什么事" }).fill(TITLE);
  await page.getByRole("textbox", { name: "经过" }).fill("连着三天，后门口堆着过了日期的菜，见照片。");
}

async function goOn(page: Page) {
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: /^不留姓名/ }).check();
  await page.getByRole("button", { name: "下一步" }).click();
}

/** Cuts the connection in the middle of a file, once. */
async function breakOnce(page: Page) {
  const breaks = { count: 0 };
  let pieces = 0;
  await page.route("**/pieces", (route) => {
    pieces += 1;
    if (pieces !== 2) return route.continue();
    breaks.count += 1;
    return route.abort("connectionreset");
  });
  return breaks;
}

/** A photograph as a telephone makes it: some hundred kilobytes, lying on its side, with a place in its head. */
async function photo(page: Page, seed: number): Promise<Buffer> {
  const base64 = await page.evaluate((start) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    const picture = context.createImageData(640, 480);
    let noise = start * 7919;
    for (let at = 0; at < picture.data.length; at++) {
      noise = (noise * 1103515245 + 12345) % 2147483648;
      picture.data[at] = at % 4 === 3 ? 255 : noise % 256;
    }
    context.putImageData(picture, 0, 0);
    return canvas.toDataURL("image/jpeg", 0.95).split(",")[1] as string;
  }, seed);
  const jpeg = Buffer.from(base64, "base64");
  const text = Buffer.from(`${PLACE}\0`);
  const head = Buffer.from("Exif\0\0II*\0\x08\0\0\0\x02\0", "latin1");
  const entries = [0x0e, 1, 2, 0, text.length, 0, 0, 0, 38, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0];
  const exif = Buffer.concat([head, Buffer.from([...entries, 0, 0, 0, 0]), text]);
  const length = Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), length, exif, jpeg.subarray(2)]);
}

async function save(page: Page, name: string): Promise<Buffer> {
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: `下载 ${name}` }).click();
  return readFileSync(await (await coming).path());
}
