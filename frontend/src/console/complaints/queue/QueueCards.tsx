import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { DueChip } from "../../shared/DueChip";
import { Marks } from "../../shared/Marks";
import { Dot } from "../../shared/parts";
import { Status } from "../../shared/Status";
import { Handler, UnitName } from "./columns";
import { RowCheck, tickId } from "./RowCheck";
import type { Selection } from "./useSelection";

interface QueueCardsProps {
  items: Schemas["ComplaintSummary"][];
  /** Where the caller can do something with many at once. */
  selection?: Selection;
  onOpen: () => void;
}

/** On a phone a row is a card. */
export function QueueCards({ items, selection, onOpen }: QueueCardsProps) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item.id} className={selection ? "ticked" : undefined}>
          {selection && (
            <label className="tick-area" htmlFor={tickId(item)}>
              <RowCheck item={item} selection={selection} />
            </label>
          )}
          <Link className="card" to={`/complaints/${item.id}`} onClick={onOpen}>
            <span className="row">
              <DueChip item={item} />
              <span className="sp" />
              <span className="m xs">{item.number}</span>
            </span>
            <b>{item.title}</b>
            <Marks item={item} />
            <span className="row xs m">
              <span className="ell">
                <UnitName unit={item.unit} />
              </span>
              <Dot />
              <Status state={item.state} />
              <span className="sp" />
              <span className="nb">
                <Handler item={item} />
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
