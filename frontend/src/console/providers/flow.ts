import { api } from "../../api/client";

/** What somebody goes to the provider for: to sign in, or to tie their account to who they are there. */
export type Errand = "sign_in" | "tie";

interface Kept {
  flow: string;
  errand: Errand;
  next: string;
}

const KEY = "liangnuo.provider";

/** Sends the browser to the provider. What it must show with the code stays in this tab. */
export async function leaveFor(errand: Errand, next: string) {
  const { data } =
    errand === "sign_in"
      ? await api.POST("/api/v1/auth/provider/begin")
      : await api.POST("/api/v1/me/provider/begin");
  if (!data) return;
  const kept: Kept = { flow: data.flow, errand, next };
  sessionStorage.setItem(KEY, JSON.stringify(kept));
  globalThis.location.assign(data.authorization_url);
}

export interface Back extends Kept {
  code: string;
  state: string;
  /** The provider's word for why there is no code, such as access_denied. */
  refusal: string;
}

/** What the browser brought back, once: it leaves the address bar and this tab's store at once. */
export function takeBack(): Back | null {
  const params = new URLSearchParams(globalThis.location.search);
  const stored = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  globalThis.history.replaceState(globalThis.history.state, "", globalThis.location.pathname);
  if (!stored) return null;
  const kept = JSON.parse(stored) as Kept;
  return {
    ...kept,
    code: params.get("code") ?? "",
    state: params.get("state") ?? "",
    refusal: params.get("error") ?? "",
  };
}
