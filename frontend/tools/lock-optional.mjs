// Adds lock entries for optional platform packages that the registry in use did not serve, so that
// `npm ci` accepts the lock file here and other platforms can still install theirs from the same file.
import { readFileSync, writeFileSync } from "node:fs";

const file = process.argv[2] ?? "package-lock.json";
const lock = JSON.parse(readFileSync(file, "utf8"));
const OS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "openbsd",
  "netbsd",
  "openharmony",
  "sunos",
  "aix",
  "win32",
  "linuxmusl",
];
const CPU = [
  "arm64",
  "x64",
  "arm",
  "ia32",
  "ppc64",
  "riscv64",
  "s390x",
  "loong64",
  "mips64el",
  "wasm32",
  "ppc64le",
  "armv7",
];
let n = 0;
for (const [at, p] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(p.optionalDependencies ?? {})) {
    const nested = `${at}/node_modules/${name}`;
    const parts = at.split("node_modules/");
    let found = lock.packages[nested];
    for (let i = parts.length - 1; !found && i >= 0; i--)
      found = lock.packages[`${parts.slice(0, i).join("node_modules/")}node_modules/${name}`];
    if (found || lock.packages[`node_modules/${name}`]) continue;
    const words = name.replace("@", "").split(/[-/.]/);
    const os = OS.find((o) => words.includes(o));
    const cpu =
      CPU.find((c) => words.some((w) => w === c)) ??
      (words.includes("gnueabihf") || words.includes("musleabihf") || words.includes("eabi")
        ? "arm"
        : undefined);
    const libc = words.includes("musl") || words.includes("musleabihf") ? "musl" : undefined;
    lock.packages[`node_modules/${name}`] = {
      version: String(version).replace(/^[\^~]/, ""),
      optional: true,
      ...(p.dev || at !== "" ? { dev: p.dev } : {}),
      os: [os ?? (name === "fsevents" ? "darwin" : "none")],
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(libc ? { libc: [libc] } : {}),
    };
    n++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`added ${n} optional entries`);
