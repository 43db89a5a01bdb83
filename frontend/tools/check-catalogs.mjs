// Fails where a catalog lacks a translation: English shall be complete, and nobody sees a gap in review.
import { readFileSync } from "node:fs";

let missing = 0;
for (const face of ["public", "console"]) {
  const file = `src/locales/${face}/en.po`;
  for (const entry of readFileSync(file, "utf8").split("\n\n").slice(1)) {
    if (entry.includes("#~") || !/^msgstr ""\n?$/m.test(entry) || /^msgstr ""\n"/m.test(entry)) continue;
    console.error(`${file}: ${entry.split("\n").find((line) => line.startsWith("msgid"))}`);
    missing++;
  }
}
if (missing > 0) console.error(`${missing} messages without English`);
process.exit(missing > 0 ? 1 : 0);
