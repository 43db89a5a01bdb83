import { useMay } from "../shared/me";
import type { Kind } from "./client";

const KINDS: Kind[] = ["complaints", "units", "members"];

/** What this caller may import. */
export function useKinds(): Kind[] {
  const may = useMay();
  return KINDS.filter((kind) => may(`${kind}.import`));
}
