import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { api, type Schemas } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { ErrorNotice } from "../shared/ErrorNotice";
import { BusyButton, Empty, Skeleton, Title } from "../shared/parts";
import { CardFilterBar } from "./CardFilterBar";
import { CardItem } from "./CardItem";
import { type CardFilters, cardsLink, queryOf, readCardFilters } from "./filters";
import { UnitCards } from "./UnitCards";

const LIST = "/api/v1/cards";
const PAGE = 30;

function useCards(filters: CardFilters) {
  const query = { ...queryOf(filters), limit: PAGE };
  return useInfiniteQuery({
    queryKey: ["get", LIST, { params: { query } }],
    queryFn: async ({ pageParam, signal }) => {
      const page = pageParam ? { cursor: pageParam } : { count: true };
      const { data } = await api.GET(LIST, { params: { query: { ...query, ...page } as never }, signal });
      return data as Schemas["ComplaintCardPage"];
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** What late cases have brought: the cards, and how many each unit got. */
export default function CardsPage() {
  const { t, i18n } = useLingui();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const filters = readCardFilters(params);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useCards(filters);
  const cards = data?.pages.flatMap(({ items }) => items) ?? [];
  const first = data?.pages[0];
  const count = formatNumber(first?.total ?? cards.length, i18n.locale);
  const total = first?.total_is_capped ? `${count}+` : count;
  const isNarrowed = Object.keys(queryOf(filters)).length > 0;
  return (
    <>
      <Title name={t`黄牌红牌`} aside={data ? t`${total}张` : undefined} />
      <CardFilterBar filters={filters} onChange={(next) => navigate(cardsLink(next))} />
      {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={8} label={t`正在取黄牌红牌`} />}
      {data && cards.length === 0 && <NoCards isNarrowed={isNarrowed} />}
      {cards.length > 0 && (
        <div className="cols">
          <div>
            <ul className="cardrows">
              {cards.map((card) => (
                <CardItem key={card.id} card={card} />
              ))}
            </ul>
            {hasNextPage && (
              <BusyButton className="btn" isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                <Trans>更早的</Trans>
              </BusyButton>
            )}
          </div>
          <aside className="rail">
            <UnitCards filters={filters} />
          </aside>
        </div>
      )}
    </>
  );
}

function NoCards({ isNarrowed }: { isNarrowed: boolean }) {
  const { t } = useLingui();
  return (
    <Empty
      title={isNarrowed ? t`没有符合条件的` : t`还没有黄牌红牌`}
      steps={[t`快到期提醒`, t`黄牌`, t`红牌`, t`建议通报`]}
    >
      {isNarrowed ? (
        <Trans>放宽上面的条件再看看。</Trans>
      ) : (
        <Trans>
          办件超期第一天给黄牌，超期较久给红牌，再久就建议通报；单位可以申诉，由不在本单位的人决定。
        </Trans>
      )}
    </Empty>
  );
}
