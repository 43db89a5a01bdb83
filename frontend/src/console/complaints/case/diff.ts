export interface Piece {
  text: string;
  kind: "same" | "added" | "removed";
}

/** Beyond this many comparisons the middle is shown as replaced as a whole. */
const MOST = 1_000_000;

/** What turns `before` into `after`, by characters: Chinese has no spaces to split at. */
export function diff(before: string, after: string): Piece[] {
  const [a, b] = [Array.from(before), Array.from(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const pieces: Piece[] = [];
  push(pieces, "same", a.slice(0, head).join(""));
  middle(pieces, a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  push(pieces, "same", a.slice(a.length - tail).join(""));
  return pieces;
}

function push(pieces: Piece[], kind: Piece["kind"], text: string) {
  const last = pieces.at(-1);
  if (!text) return;
  if (last?.kind === kind) last.text += text;
  else pieces.push({ kind, text });
}

function middle(pieces: Piece[], a: string[], b: string[]) {
  if (a.length * b.length > MOST) {
    push(pieces, "removed", a.join(""));
    push(pieces, "added", b.join(""));
    return;
  }
  const lengths = commonLengths(a, b);
  const at = (row: number, column: number) => lengths[row * (b.length + 1) + column] ?? 0;
  let [row, column] = [0, 0];
  while (row < a.length && column < b.length) {
    if (a[row] === b[column]) {
      push(pieces, "same", a[row] ?? "");
      row++;
      column++;
    } else if (at(row + 1, column) >= at(row, column + 1)) push(pieces, "removed", a[row++] ?? "");
    else push(pieces, "added", b[column++] ?? "");
  }
  push(pieces, "removed", a.slice(row).join(""));
  push(pieces, "added", b.slice(column).join(""));
}

/** How long the common subsequence from each pair of places on is. */
function commonLengths(a: string[], b: string[]): Uint16Array {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let row = a.length - 1; row >= 0; row--) {
    for (let column = b.length - 1; column >= 0; column--) {
      const here = row * width + column;
      lengths[here] =
        a[row] === b[column]
          ? (lengths[here + width + 1] ?? 0) + 1
          : Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0);
    }
  }
  return lengths;
}
