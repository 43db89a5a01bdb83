import { useQueries } from "@tanstack/react-query";
import { $api } from "../../api/client";
import type { Section } from "./sections";

const SHOWN = 6;

/** The first few of each section and how many there are. */
export function useSections(sections: Section[]) {
  const results = useQueries({
    queries: sections.map(({ filters, sort }) =>
      $api.queryOptions("get", "/api/v1/complaints", {
        params: { query: { ...filters, sort, limit: SHOWN, count: true } as never },
      }),
    ),
  });
  return sections.map((section, index) => {
    const result = results[index];
    return { section, page: result?.data, error: result?.error, isPending: result?.isPending ?? true };
  });
}
