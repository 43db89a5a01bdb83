import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIRequestContext, BrowserContextOptions, Page } from "@playwright/test";
import { type Hostile, hostiles } from "./hostile";
import { accountOf, desk, expect, test } from "./support";

const API = "/api/v1";
/** Of which what is accepted is opened; the rest must be refused. */
const AT_LEAST = 200;

test("hostile files run nothing, whichever way they are opened", async ({ browser, request }) => {
  test.setTimeout(600_000);
  const heard: string[] = [];
  const canary = createServer((asked, answer) => {
    heard.push(asked.url ?? "");
    answer.end();
  });
  await new Promise<void>((listening) => canary.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
  const dialogs: string[] = [];
  const somebody = async (options: BrowserContextOptions) => {
    const page = await (await browser.newContext({ ...desk, ...options })).newPage();
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    return page;
  };
  const page = await somebody({});
  await page.goto("/");
  const files = hostiles(address, await drawn(page, "image/jpeg"), await drawn(page, "image/png"));
  expect(files.length).toBeGreaterThanOrEqual(AT_LEAST);

  const { accepted, refused } = await sendAll(request, files);
  expect(accepted.length + refused).toBe(files.length);
  expect(refused).toBeGreaterThan(100);
  expect(accepted.length).toBeGreaterThan(60);
  const token = await signIn(request);
  const addresses = await fileAll(request, accepted, token);
  expect(addresses.length).toBe(accepted.length);

  // Whoever opens the address itself is somebody signed in: the browser brings the token along.
  const bring = (one: Page) =>
    one.route(`**${API}/complaints/**`, (route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${token}` } }),
    );
  await bring(page);
  for (const content of addresses) {
    await page
      .goto(content)
      .catch((error: Error) => expect(error.message).toMatch(/Download is starting|ERR_ABORTED/));
  }
  // Taken into a page of the same site by everything that draws or runs, and that although the page had no policy of its own.
  const careless = await somebody({ bypassCSP: true });
  await bring(careless);
  await careless.goto("/");
  for (let from = 0; from < addresses.length; from += 20) {
    await careless.evaluate(embed, addresses.slice(from, from + 20));
    await careless.waitForLoadState("networkidle");
  }
  for (const one of [page, careless]) {
    expect(await one.evaluate(() => (globalThis as { __ran?: number }).__ran)).toBeUndefined();
  }
  expect(dialogs).toEqual([]);
  expect(heard).toEqual([]);
  canary.close();
});

async function drawn(page: Page, kind: string): Promise<Buffer> {
  const base64 = await page.evaluate((type) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [40, 30];
    canvas.getContext("2d")?.fillRect(5, 5, 20, 20);
    return canvas.toDataURL(type).split(",")[1] as string;
  }, kind);
  return Buffer.from(base64, "base64");
}

async function proof(request: APIRequestContext): Promise<string> {
  const { algorithm, challenge, salt, signature, maxnumber } = await (
    await request.get(`${API}/public/challenge`)
  ).json();
  for (let number = 0; number <= maxnumber; number++) {
    if (createHash("sha256").update(`${salt}${number}`).digest("hex") !== challenge) continue;
    return Buffer.from(JSON.stringify({ algorithm, challenge, number, salt, signature })).toString("base64");
  }
  throw new Error("a challenge without an answer");
}

interface Sent {
  id: string;
  token: string;
}

async function sendAll(
  request: APIRequestContext,
  files: Hostile[],
): Promise<{ accepted: Sent[]; refused: number }> {
  const sent: Sent[] = [];
  for (const { name, content } of files) {
    const begun = await request.post(`${API}/public/uploads`, {
      headers: { "Idempotency-Key": randomUUID() },
      data: { name, size: content.length, keeps_original: false, altcha: await proof(request) },
    });
    expect(begun.status(), await begun.text()).toBe(201);
    const { id, upload_token: token } = await begun.json();
    const piece = await request.post(`${API}/public/uploads/${id}/pieces`, {
      headers: {
        "Upload-Token": token,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
      },
      data: content,
    });
    expect(piece.status()).toBe(200);
    sent.push({ id, token });
  }
  const accepted: Sent[] = [];
  let refused = 0;
  for (const file of sent) {
    const state = await settled(request, file);
    if (state === "ready") accepted.push(file);
    else refused += 1;
  }
  return { accepted, refused };
}

async function settled(request: APIRequestContext, { id, token }: Sent): Promise<string> {
  let state = "processing";
  await expect
    .poll(
      async () => {
        const upload = await request.get(`${API}/public/uploads/${id}`, {
          headers: { "Upload-Token": token },
        });
        state = (await upload.json()).state;
        return state;
      },
      { timeout: 60_000 },
    )
    .not.toBe("processing");
  return state;
}

async function signIn(request: APIRequestContext): Promise<string> {
  const { login, password } = accountOf("handler");
  const answer = await request.post(`${API}/auth/login`, { data: { login, password, session: "body" } });
  expect(answer.status()).toBe(200);
  return (await answer.json()).access_token;
}

/** Attaches the files to cases of the handler's school; where their content is. */
async function fileAll(request: APIRequestContext, files: Sent[], token: string): Promise<string[]> {
  const bearer = { Authorization: `Bearer ${token}` };
  const me = await (await request.get(`${API}/me`, { headers: bearer })).json();
  const addresses: string[] = [];
  for (let from = 0; from < files.length; from += 10) {
    const filed = await request.post(`${API}/public/complaints`, {
      headers: { "Idempotency-Key": randomUUID() },
      data: {
        kind: "grievance",
        title: "附件检查",
        body: "这些文件不该运行任何东西。",
        unit_id: me.unit.id,
        uploads: files.slice(from, from + 10),
        altcha: await proof(request),
      },
    });
    expect(filed.status(), await filed.text()).toBe(201);
    const { number } = await filed.json();
    const list = await (await request.get(`${API}/complaints?q=${number}`, { headers: bearer })).json();
    const path = `${API}/complaints/${list.items[0].id}/attachments`;
    const { items } = await (await request.get(path, { headers: bearer })).json();
    addresses.push(...items.map(({ id }: { id: string }) => `${path}/${id}/content`));
  }
  return addresses;
}

/** In the page: every way to take a file in. */
function embed(addresses: string[]) {
  document.body.replaceChildren();
  for (const address of addresses) {
    for (const [tag, attribute] of [
      ["img", "src"],
      ["iframe", "src"],
      ["embed", "src"],
      ["object", "data"],
      ["script", "src"],
      ["video", "src"],
    ] as const) {
      const element = document.createElement(tag);
      element.setAttribute(attribute, address);
      document.body.append(element);
    }
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = address;
    document.body.append(style);
  }
}
