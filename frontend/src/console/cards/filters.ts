/** The filters of the list of cards, as the address bar and the API write them alike. */
export interface CardFilters {
  unit_id?: string;
  unit_only?: boolean;
  kind?: string[];
  state?: string[];
  given_from?: string;
  given_to?: string;
}

const codes = (text: string | null) => {
  const found = (text ?? "").split(",").filter(Boolean);
  return found.length > 0 ? found : undefined;
};

export function readCardFilters(params: URLSearchParams): CardFilters {
  return {
    unit_id: params.get("unit_id") || undefined,
    unit_only: params.get("unit_only") === "true" || undefined,
    kind: codes(params.get("kind")),
    state: codes(params.get("state")),
    given_from: params.get("given_from") || undefined,
    given_to: params.get("given_to") || undefined,
  };
}

/** Without the names that hold nothing: the server refuses empty values. */
export function queryOf(filters: CardFilters): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(filters)
      .filter(
        ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
      )
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
}

/** The address of the list behind a number. */
export function cardsLink(filters: CardFilters): string {
  const query = queryOf(filters);
  const params = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const text = params.toString().replaceAll("%2C", ",");
  return text ? `/cards?${text}` : "/cards";
}
