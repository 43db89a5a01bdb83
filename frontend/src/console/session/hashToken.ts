/**
 * The token of a link that opens a page: it stands after the # and so never reaches a server's log, and it leaves the
 * address bar at once. Each page has a taker of its own, which remembers: React may draw a page twice.
 */
export function newTokenTaker() {
  let taken = "";
  return () => {
    const token = new URLSearchParams(globalThis.location.hash.slice(1)).get("token");
    if (token) {
      taken = token;
      globalThis.history.replaceState(globalThis.history.state, "", globalThis.location.pathname);
    }
    return taken;
  };
}
