interface Picture {
  heading: string;
  groups: readonly string[];
  lines: readonly string[];
  fileName: string;
}

const WIDTH = 1080;
const MARGIN = 80;
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** Draws the code on a card of the phone's width and gives it to the browser to save. */
export async function savePicture({ heading, groups, lines, fileName }: Picture): Promise<void> {
  const rows = Math.ceil(groups.length / 2);
  const height = 300 + rows * 120 + lines.length * 64;
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  context.fillStyle = colour("--paper");
  context.fillRect(0, 0, WIDTH, height);
  context.fillStyle = colour("--brand");
  context.fillRect(0, 0, WIDTH, 16);
  context.fillStyle = colour("--ink");
  context.font = `600 52px ${FONT}`;
  context.fillText(heading, MARGIN, 130);
  context.font = "600 84px ui-monospace, monospace";
  groups.forEach((group, index) => {
    context.fillText(group, MARGIN + (index % 2) * 320, 270 + Math.floor(index / 2) * 120);
  });
  context.font = `36px ${FONT}`;
  context.fillStyle = colour("--muted");
  lines.forEach((line, index) => {
    context.fillText(line, MARGIN, 270 + rows * 120 + index * 64, WIDTH - 2 * MARGIN);
  });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) download(blob, fileName);
}

function download(blob: Blob, fileName: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  // The browser needs the address a moment longer than the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
