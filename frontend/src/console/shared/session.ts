import { api, type Schemas } from "../../api/client";
import { ApiError } from "../../api/problem";

/**
 * The session of this tab. The access token lives in memory only; what survives a reload is the refresh cookie, which
 * no script can read.
 */
type Grant = Schemas["TokenGrant"];
export type SessionStatus = "starting" | "in" | "out" | "unreachable";

/** So long before its end a token is renewed before it is used. */
const MARGIN_MS = 30_000;
const LOCK = "liangnuo.refresh";

let access: { token: string; until: number; idle: number } | null = null;
let status: SessionStatus = "starting";
let renewing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("liangnuo.session");

function setStatus(next: SessionStatus) {
  status = next;
  for (const listener of listeners) listener();
}

if (channel) {
  // Another tab signed out: its cookie is gone, so this tab's session is over too.
  channel.addEventListener("message", ({ data }) => {
    if (data === "ended") drop();
  });
}

function drop() {
  access = null;
  setStatus("out");
}

async function underLock<T>(work: () => Promise<T>): Promise<T> {
  // Two tabs share one cookie, and each refresh token serves once: they take turns. Plain http has no locks.
  return navigator.locks ? ((await navigator.locks.request(LOCK, work)) as T) : work();
}

async function fetchGrant(): Promise<boolean> {
  try {
    const { data } = await api.POST("/api/v1/auth/refresh", {
      params: { header: { "X-Liangnuo-Refresh": "1" } },
      body: {},
    });
    session.begin(data as Grant);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
      drop();
      return false;
    }
    if (status === "starting") setStatus("unreachable");
    throw error;
  }
}

export const session = {
  status: () => status,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  token: () => access?.token ?? null,
  /** How long a session lasts in which nobody does anything. */
  idleMs: () => access?.idle ?? Number.POSITIVE_INFINITY,
  isFresh: () => access !== null && access.until - Date.now() > MARGIN_MS,
  begin(grant: Grant) {
    access = {
      token: grant.access_token,
      until: Date.now() + grant.expires_in * 1000,
      idle: grant.session_expires_in * 1000,
    };
    setStatus("in");
  },
  /** Asks for a new access token; many callers at once make one request. False: the session is over. */
  renew(): Promise<boolean> {
    renewing ??= underLock(fetchGrant).finally(() => {
      renewing = null;
    });
    return renewing;
  },
  async signOut() {
    try {
      await api.POST("/api/v1/auth/logout", {
        params: { header: { "X-Liangnuo-Refresh": "1" } },
        body: {},
      });
    } finally {
      channel?.postMessage("ended");
      drop();
    }
  },
  /** For tests. */
  reset() {
    access = null;
    renewing = null;
    status = "starting";
  },
};
