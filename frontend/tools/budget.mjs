// What each page makes a browser download first, gzipped, from Vite's manifests. Fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = process.argv[2] ?? "dist";
const gzipped = (file) => gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length / 1024;
const budgets = JSON.parse(readFileSync(new URL("./budgets.json", import.meta.url), "utf8"));

/** The chunk itself and everything that it imports statically. */
function closure(manifest, keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    closure(manifest, manifest[key].imports ?? [], seen);
  }
  return [...seen];
}

const sum = (files) => [...new Set(files)].reduce((total, file) => total + gzipped(file), 0);
let failed = false;

function report(name, manifest, keys, max) {
  const unknown = keys.filter((key) => !manifest[key]);
  if (unknown.length > 0) throw new Error(`${name}: not in the build: ${unknown.join(", ")}`);
  const parts = closure(manifest, keys);
  const scripts = sum(parts.map((key) => manifest[key].file).filter((file) => file.endsWith(".js")));
  const styles = sum(parts.flatMap((key) => manifest[key].css ?? []));
  const isOver = scripts > max;
  failed ||= isOver;
  console.log(
    `${isOver ? "OVER" : "ok  "} ${name}: ${scripts.toFixed(1)} KB of scripts (budget ${max}), ${styles.toFixed(1)} KB of styles`,
  );
}

for (const { name, face, keys, locale, max, pages } of budgets) {
  const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest-${face}.json`, "utf8"));
  const base = locale ? [...keys, `src/locales/${face}/zh-CN.po`] : keys;
  report(name, manifest, base, max);
  for (const page of pages ?? []) report(`${name} + ${page}`, manifest, [...base, page], max);
}
process.exit(failed ? 1 : 0);
