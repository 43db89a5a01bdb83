import { api, type Schemas } from "../../api/client";
import { idempotencyKey } from "../shared/etag";

export type Inspection = Schemas["ImportInspection"];
export type Job = Schemas["ImportJob"];
export type Kind = Schemas["ImportKind"];
export type ImportField = Schemas["ImportField"];
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

export async function inspect(kind: Kind, file: File): Promise<Inspection> {
  const form = multipart({ file });
  const { data } = await {
    complaints: () => api.POST("/api/v1/imports/complaints/inspect", form),
    units: () => api.POST("/api/v1/imports/units/inspect", form),
    members: () => api.POST("/api/v1/imports/members/inspect", form),
  }[kind]();
  return data as Inspection;
}

interface Order {
  kind: Kind;
  file: File;
  inspection: Inspection;
  mapping: Mapping;
  source: string;
  /** The rows are a hotline's orders: its clock runs on those that are not answered yet. */
  isOrder: boolean;
  isDryRun: boolean;
}

export async function startImport(order: Order): Promise<Job> {
  const { kind, file, inspection, mapping, source, isOrder, isDryRun } = order;
  const sent = {
    params: { header: idempotencyKey() },
    ...multipart({
      file,
      dry_run: String(isDryRun),
      mapping: JSON.stringify(byHeading(mapping, inspection)),
      // Only of a ledger: by its name the numbers in it are told from those of another one.
      ...(kind === "complaints" ? { is_order: String(isOrder), ...(source ? { source } : {}) } : {}),
    }),
  };
  const { data } = await {
    complaints: () => api.POST("/api/v1/imports/complaints", sent),
    units: () => api.POST("/api/v1/imports/units", sent),
    members: () => api.POST("/api/v1/imports/members", sent),
  }[kind]();
  return data as Job;
}

export function isRunning(job: Pick<Job, "state">): boolean {
  return job.state === "queued" || job.state === "running";
}

export function percentDone(job: Pick<Job, "rows_done" | "rows_total">): number {
  return job.rows_total > 0 ? Math.floor((job.rows_done / job.rows_total) * 100) : 0;
}
