import { Link } from "react-router";
import type { Schemas } from "../../../api/client";
import { DueChip } from "../../shared/DueChip";
import { Dot } from "../../shared/parts";
import { Status } from "../../shared/Status";
import { Handler, UnitName } from "./columns";

/** On a phone a row is a card. */
export function QueueCards({ items, onOpen }: { items: Schemas["ComplaintSummary"][]; onOpen: () => void }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item.id}>
          <Link className="card" to={`/complaints/${item.id}`} onClick={onOpen}>
            <span className="row">
              <DueChip item={item} />
              <span className="sp" />
              <span className="m xs">{item.number}</span>
            </span>
            <b>{item.title}</b>
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
