import { QueryClient } from "@tanstack/react-query";
import { isWorthRetrying } from "../api/problem";

/** "always": without a network a request shall fail and say so, not wait in silence. */
export function newQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        networkMode: "always",
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 1 && isWorthRetrying(error),
        retryDelay: 800,
      },
      mutations: { networkMode: "always" },
    },
  });
}
