import type { ImportField, Inspection, Kind, Mapping } from "./client";

/** What the columns of a file can hold, in the order of its template. */
export const FIELDS: Record<Kind, ImportField[]> = {
  complaints: [
    "external_ref",
    "author",
    "title",
    "received_at",
    "body",
    "reply",
    "replied_at",
    "kind",
    "category",
    "unit",
  ],
  units: [
    "code",
    "name",
    "name_en",
    "kind",
    "parent",
    "head",
    "hotline",
    "address",
    "opening_hours",
    "closed_on",
  ],
  members: [
    "staff_number",
    "name",
    "name_en",
    "unit",
    "post",
    "post_en",
    "branch",
    "is_party_member",
    "closed_on",
  ],
};

/** Without these a row says nothing. */
export const REQUIRED: Record<Kind, ImportField[]> = {
  complaints: ["external_ref", "title", "received_at", "body"],
  units: ["name"],
  members: ["name"],
};

export function guessed(inspection: Inspection): Mapping {
  return Object.fromEntries(
    inspection.headings.flatMap(({ column, guess }) => (guess ? [[column, guess] as const] : [])),
  );
}

/** A field stands in one column: given to another one, it leaves the one before. */
export function assign(mapping: Mapping, column: string, field: ImportField | null): Mapping {
  const others = Object.entries(mapping).filter(([key, value]) => key !== column && value !== field);
  return Object.fromEntries(field ? [...others, [column, field]] : others);
}

export function missing(kind: Kind, mapping: Mapping): ImportField[] {
  const given = new Set(Object.values(mapping));
  return REQUIRED[kind].filter((field) => !given.has(field));
}

/** The names that spreadsheet programs give of themselves: they say nothing of what is in the sheet. */
const NAMELESS = /^(sheet|工作表|表)\s*\d*$/i;

/** What the source may be called: as its sheet is, else as the file. */
export function sourceOf(sheet: string | null | undefined, file: string): string {
  return sheet && !NAMELESS.test(sheet.trim()) ? sheet : file.replace(/\.\w+$/, "");
}
