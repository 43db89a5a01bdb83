import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The program that script/with-server runs, too. */
const BINARY = resolve(import.meta.dirname, "../../target/debug/liangnuo");
const DIST = resolve(import.meta.dirname, "../dist");

export interface EmptyServer {
  address: string;
  /** Where the first administrator sets it up. */
  link: string;
  stop: () => Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => found(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function untilReady(address: string, server: ChildProcess) {
  for (let tries = 0; tries < 150 && server.exitCode === null; tries++) {
    const answer = await fetch(`${address}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((go) => setTimeout(go, 200));
  }
  throw new Error("the empty server did not get ready");
}

/** A server of its own with nothing in it, as on the day on which it is installed. */
export async function startEmpty(): Promise<EmptyServer> {
  const dir = mkdtempSync(join(tmpdir(), "liangnuo-empty-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    LIANGNUO_DATA_DIR: join(dir, "data"),
    LIANGNUO_LISTEN: `127.0.0.1:${port}`,
    LIANGNUO_STATIC_DIR: DIST,
    // What the other server was told is not true of this one.
    LIANGNUO_PUBLIC_URL: "",
    LIANGNUO_PROVIDER: "none",
  };
  const told = execFileSync(BINARY, ["admin", "bootstrap"], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const link = told.split("\n").find((line) => line.includes("#token="));
  if (!link) throw new Error(`no set-up link in ${told}`);
  const server = spawn(BINARY, ["serve"], { env, stdio: "ignore" });
  await untilReady(address, server);
  const stop = async () => {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill();
    await ended;
    rmSync(dir, { recursive: true });
  };
  return { address, link: link.trim(), stop };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an authenticator that was given this seed shows so many steps from now (RFC 6238). */
export function codeOf(seed: string, steps = 0): string {
  const bits = [...seed].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac("sha1", key).update(counter).digest();
  const at = (tag.at(-1) ?? 0) & 15;
  return String((tag.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
