import type { components } from "./schema.gen";

/** `code` stays open: a proxy in between has none of ours, and a newer server may have more. */
export type Problem = Omit<components["schemas"]["Problem"], "code"> & { code: string };

/** The server answered, and refused. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly problem: Problem,
    /** From Retry-After, where the server said when to come back. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail || problem.title);
  }

  get code() {
    return this.problem.code;
  }

  get status() {
    return this.problem.status;
  }
}

/** No answer arrived at all: no network, or the server is away. Nothing is known about what happened to the request. */
export class NetworkError extends Error {
  override name = "NetworkError";
}

/** What a page tells its reader: kinds, not status numbers. */
export type FailureKind = "offline" | "too_many" | "server" | "not_found" | "refused";

export interface Failure {
  kind: FailureKind;
  code: string;
  /** The server's own sentence in the reader's language; empty where there was no answer. */
  detail: string;
  retryAfterSeconds: number | null;
  requestId: string | null;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) {
    const { problem, retryAfterSeconds } = error;
    return {
      kind: kindOf(problem.status),
      code: problem.code,
      detail: problem.detail || problem.title,
      retryAfterSeconds,
      requestId: problem.request_id || null,
    };
  }
  return { kind: "offline", code: "network", detail: "", retryAfterSeconds: null, requestId: null };
}

function kindOf(status: number): FailureKind {
  if (status === 429) return "too_many";
  if (status >= 500) return "server";
  return status === 404 ? "not_found" : "refused";
}

/** The field errors of a problem by their place in the body: "/contact/name" -> "contact.name". */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    (error.problem.errors ?? []).map(({ pointer, detail }) => [
      pointer.replace(/^#?\//, "").replaceAll("/", "."),
      detail,
    ]),
  );
}

/** Retry-After is seconds or an HTTP date. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | null {
  if (!value) return null;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

/** Asking again may help: the line broke, or the server was busy. A refusal stays a refusal. */
export function isWorthRetrying(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && error.status >= 500);
}
