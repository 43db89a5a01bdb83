import { Trans } from "@lingui/react/macro";
import { CardItem } from "../../cards/CardItem";
import type { Case } from "./verbs";

/** What being late has brought the unit; nothing where the case was in time. */
export function Cards({ complaint }: { complaint: Case }) {
  if (complaint.cards.length === 0) return null;
  return (
    <section aria-labelledby="case-cards">
      <h2 id="case-cards">
        <Trans>黄牌红牌</Trans>
      </h2>
      <ul className="cardrows">
        {complaint.cards.map((card) => (
          <CardItem key={card.id} card={card} isInCase />
        ))}
      </ul>
    </section>
  );
}
