import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { $api } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { wordFor } from "../shared/labels";
import { Skeleton } from "../shared/parts";
import { type CardFilters, cardsLink, queryOf } from "./filters";
import { cardWords } from "./words";

const KINDS = [
  ["yellow_card", "yellow_cards"],
  ["red_card", "red_cards"],
  ["circular_notice", "circular_notices"],
] as const;

/** How many cards each unit got; each number opens the list that it counts. */
export function UnitCards({ filters }: { filters: CardFilters }) {
  const { t, i18n } = useLingui();
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/cards/by-unit", {
    params: { query: queryOf(filters) as never },
  });
  return (
    <section aria-labelledby="cards-by-unit">
      <h2 id="cards-by-unit">
        <Trans>各单位</Trans>
      </h2>
      {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={5} label={t`正在数各单位的牌`} />}
      {data && (
        <div className="scroll">
          <table className="tbl dense">
            <thead>
              <tr>
                <th scope="col">{t`单位`}</th>
                {KINDS.map(([kind]) => (
                  <th key={kind} scope="col" className="r" style={{ width: 56 }}>
                    {t(wordFor(cardWords, kind))}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((item) => {
                const unit = nameIn(i18n.locale, item.unit);
                return (
                  <tr key={item.unit.id}>
                    <th scope="row" className="ell" title={unit}>
                      {unit}
                    </th>
                    {KINDS.map(([kind, name]) => (
                      <td key={kind} className="r">
                        {item[name] > 0 ? (
                          <Link
                            to={cardsLink({
                              ...filters,
                              unit_id: item.unit.id,
                              unit_only: true,
                              kind: [kind],
                            })}
                            aria-label={`${formatNumber(item[name], i18n.locale)} ${t(wordFor(cardWords, kind))} ${unit}`}
                          >
                            {formatNumber(item[name], i18n.locale)}
                          </Link>
                        ) : (
                          <span className="m">0</span>
                        )}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
