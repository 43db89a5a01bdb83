import { api, type Schemas } from "../../api/client";
import { idempotencyKey } from "../shared/etag";

export type Inspection = Schemas["ImportInspection"];
export type Job = Schemas["ImportJob"];
export type ImportField = Schemas["LedgerField"];
/** Column letter -> what it holds. */
export type Mapping = Record<string, ImportField>;

/** The server knows a column by its heading. */
function byHeading(mapping: Mapping, inspection: Inspection): Record<string, ImportField> {
  return Object.fromEntries(
    inspection.headings.flatMap(({ column, heading }) => {
      const field = mapping[column];
      return field ? [[heading, field] as const] : [];
    }),
  );
}

/** A file goes as multipart, which the schema can only call a string. */
function multipart(fields: Record<string, string | Blob>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return { body: form as never, bodySerializer: (body: unknown) => body as FormData };
}

export async function inspect(file: File): Promise<Inspection> {
  const { data } = await api.POST("/api/v1/imports/complaints/inspect", multipart({ file }));
  return data as Inspection;
}

interface Order {
  file: File;
  inspection: Inspection;
  mapping: Mapping;
  source: string;
  /** The rows are a hotline's orders: its clock runs on those that are not answered yet. */
  isOrder: boolean;
  isDryRun: boolean;
}

export async function startImport(order: Order): Promise<Job> {
  const { file, inspection, mapping, source, isOrder, isDryRun } = order;
  const { data } = await api.POST("/api/v1/imports/complaints", {
    params: { header: idempotencyKey() },
    ...multipart({
      file,
      dry_run: String(isDryRun),
      is_order: String(isOrder),
      mapping: JSON.stringify(byHeading(mapping, inspection)),
      ...(source ? { source } : {}),
    }),
  });
  return data as Job;
}

export function isRunning(job: Pick<Job, "state">): boolean {
  return job.state === "queued" || job.state === "running";
}

export function percentDone(job: Pick<Job, "rows_done" | "rows_total">): number {
  return job.rows_total > 0 ? Math.floor((job.rows_done / job.rows_total) * 100) : 0;
}
