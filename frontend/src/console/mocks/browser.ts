import { setupWorker } from "msw/browser";
import { storage } from "../../shared/storage";
import { earlierJobs, newServer } from "./handlers";

/** ?mock=empty and ?mock=out show a county without cases, and the sign-in; ?as=handler another role. */
export async function startMocks() {
  const params = new URLSearchParams(globalThis.location.search);
  const server = newServer({
    count: params.get("mock") === "empty" ? 0 : 60,
    login: params.get("as") ?? storage.get("liangnuo.mock.as") ?? "all",
    isSignedIn: params.get("mock") !== "out",
  });
  if (params.get("mock") !== "empty") server.state.jobs = earlierJobs();
  Object.assign(globalThis, { mock: server.state });
  await setupWorker(...server.handlers).start({ onUnhandledFrame: "bypass", quiet: true });
}
