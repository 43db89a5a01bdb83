import { QueryClient } from "@tanstack/react-query";
import { isWorthRetrying } from "../../api/problem";

export function newQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        networkMode: "always",
        retry: (count, error) => count < 1 && isWorthRetrying(error),
      },
      mutations: { networkMode: "always" },
    },
  });
}
