import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { Icon } from "../../shared/Icon";
import { useFocus } from "./BulkCheck";
import type { Item } from "./useSelection";

interface BulkOutcomesProps {
  asked: readonly Item[];
  outcomes: readonly Schemas["ComplaintOutcome"][];
}

/** What became of each case, those first that still need somebody. */
export function BulkOutcomes({ asked, outcomes }: BulkOutcomesProps) {
  const head = useFocus();
  const byId = new Map(outcomes.map((one) => [one.id, one]));
  const isDone = ({ id }: Item) => byId.get(id)?.problem === null;
  const done = asked.filter(isDone);
  const left = asked.filter((item) => !isDone(item));
  return (
    <>
      <h3 ref={head} tabIndex={-1} role="status" className="lab2">
        {left.length === 0 ? (
          <Trans>{done.length}件都交办好了</Trans>
        ) : (
          <Trans>
            {done.length}件交办好了，{left.length}件没有
          </Trans>
        )}
      </h3>
      {left.length > 0 && (
        <>
          <ul className="lines">
            {left.map((item) => (
              <Left key={item.id} item={item} why={byId.get(item.id)?.detail} />
            ))}
          </ul>
          <p className="hint">
            <Trans>没交办的什么都没有改，还在列表里选着。看过以后可以再交办一次。</Trans>
          </p>
        </>
      )}
      {done.length > 0 && (
        <ul className="lines">
          {done.map((item) => (
            <li key={item.id}>
              <span className="good">
                <Icon name="ok" small /> <Trans>已交办</Trans>
              </span>
              <OneCase item={item} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Left({ item, why }: { item: Item; why: string | null | undefined }) {
  const { t } = useLingui();
  return (
    <li className="late-line">
      <span className="late">
        <Icon name="warn" small /> <Trans>没有交办</Trans>
      </span>
      <OneCase item={item} />
      <span className="why">{why || t`没有得到这一件的结果，请打开看看。`}</span>
    </li>
  );
}

/** In a tab of its own, since the list of outcomes is shown only once. */
function OneCase({ item }: { item: Item }) {
  const { t } = useLingui();
  return (
    <Link to={`/complaints/${item.id}`} target="_blank" title={t`在新标签页打开`}>
      {item.title}
      <span className="m xs">　{item.number}</span>
    </Link>
  );
}
