import { FILE_MAX } from "./store";

/** Longer sides show nothing more of what matters. */
const SIDE = 4_000;
const QUALITY = 0.85;

/** A photograph that is too large for the server is made smaller here, where the browser can; anything else stays as it is. */
export async function shrunk(file: File): Promise<{ content: Blob; name: string }> {
  const asItIs = { content: file, name: file.name };
  if (file.size <= FILE_MAX || !/^image\/(jpeg|png|webp)$/.test(file.type)) return asItIs;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const content = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (content && content.size < file.size) return { content, name: file.name.replace(/\.\w+$/, ".jpg") };
  } catch {
    // Then its size is told.
  }
  return asItIs;
}
