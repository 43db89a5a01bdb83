import type { Middleware } from "openapi-fetch";
import { api } from "../../api/client";
import { confirmation } from "../second-factor/confirmation";
import { session } from "./session";

const OPEN_PATHS = ["/auth/login", "/auth/second-factor", "/auth/refresh", "/auth/bootstrap"];
const isOpen = (request: Request) => OPEN_PATHS.some((path) => request.url.endsWith(path));

/** Copies of the requests under way: a body can be read once, and a refusal may be overcome and it is sent again. */
const copies = new Map<string, Request>();

export const bearer: Middleware = {
  async onRequest({ request, id }) {
    if (isOpen(request)) return;
    if (session.token() && !session.isFresh()) await session.renew().catch(() => false);
    const token = session.token();
    if (!token) return;
    request.headers.set("Authorization", `Bearer ${token}`);
    copies.set(id, request.clone());
    return request;
  },
  async onResponse({ response, id }) {
    const copy = copies.get(id);
    copies.delete(id);
    if (!copy) return;
    let answer = response;
    if (answer.status === 401 && (await session.renew().catch(() => false))) answer = await again(copy);
    // Whoever waits for the answer never hears of it: what they asked for is done once it is confirmed who asks.
    if ((await needsConfirmation(answer)) && (await confirmation.ask())) {
      if (!session.isFresh()) await session.renew().catch(() => false);
      answer = await again(copy);
    }
    return answer === response ? undefined : answer;
  },
  onError({ id }) {
    copies.delete(id);
  },
};

/** Sends a request once more, in the name of the session as it is now. */
function again(copy: Request): Promise<Response> {
  const request = copy.clone();
  request.headers.set("Authorization", `Bearer ${session.token()}`);
  return globalThis.fetch(request);
}

async function needsConfirmation(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const problem = await response
    .clone()
    .json()
    .catch(() => null);
  return (problem as { code?: string } | null)?.code === "confirmation_needed";
}

let isInstalled = false;

/** Once per page: the API client then speaks for whoever is signed in. */
export function installBearer() {
  if (isInstalled) return;
  isInstalled = true;
  api.use(bearer);
}

/** A file behind the bearer token, handed to the browser as a download. */
export async function download(path: string, fileName: string, query: object = {}): Promise<void> {
  const { data, response } = await api.GET(path as never, { params: { query }, parseAs: "blob" } as never);
  const url = URL.createObjectURL(data as unknown as Blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = nameOf(response) ?? fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The name that the server gives the file, where the browser may read it. */
function nameOf(response: Response): string | undefined {
  const name = /filename\*=UTF-8''([^;]+)/i.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}
