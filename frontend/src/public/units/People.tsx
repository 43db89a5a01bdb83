import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, type Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";

/** Words that only a unit with people needs; the catalogue comes with the first page of everybody. */
const words = {
  "zh-CN": { title: "这里的工作人员", party: "党员", more: "看后面的", busy: "正在取" },
  en: { title: "People who work here", party: "Party member", more: "Show more", busy: "Fetching" },
};

/** Whom a unit shows of its people: mostly nobody, seldom more than a page. */
function useUnitMembers(unitId: string) {
  return useInfiniteQuery({
    queryKey: ["unit-members", unitId],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ signal, pageParam }) => {
      const params = { path: { unit_id: unitId }, query: { limit: 50, cursor: pageParam } };
      return (await api.GET("/api/v1/public/units/{unit_id}/members", { params, signal })).data ?? null;
    },
    getNextPageParam: (page) => page?.next_cursor ?? undefined,
  });
}

/** Who works here, as far as the unit shows it. Where it shows nobody, or does not answer, nothing stands here. */
export function People({ unit }: { unit: Schemas["PublicUnit"] }) {
  const { i18n } = useLingui();
  const said = words[i18n.locale === "en" ? "en" : "zh-CN"];
  const list = useUnitMembers(unit.id);
  const people = list.data?.pages.flatMap((page) => page?.items ?? []) ?? [];
  if (people.length === 0) return null;
  return (
    <section className="sec" aria-labelledby="people">
      <header>
        <h2 id="people">{said.title}</h2>
      </header>
      <ul className="rows tight">
        {people.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: several may be called alike and do the same
          <li key={`${one.name} ${at}`} className="who">
            <b>{nameIn(i18n.locale, one)}</b>{" "}
            <span className="muted">{(i18n.locale === "en" && one.post_en) || one.post}</span>{" "}
            {one.is_shown_as_party_member && <small className="badge">{said.party}</small>}
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <p className="btns">
          <button
            type="button"
            className="btn"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? said.busy : said.more}
          </button>
        </p>
      )}
    </section>
  );
}
