import { Trans } from "@lingui/react/macro";
import { Link } from "react-router";
import { $api } from "../../../api/client";
import { addDays, today } from "../../shared/due";
import { Dot } from "../../shared/parts";
import { Status } from "../../shared/Status";
import { useDebounced } from "../../shared/useDebounced";
import { ShortDay } from "../queue/ShortDay";
import { type Draft, wordsOf } from "./registration";

const DAYS = 90;
const SHOWN = 5;

/** Cases of the last months that may say the same; a person decides. Nothing is shown where nothing is found. */
export function Similar({ draft }: { draft: Draft }) {
  const q = useDebounced(wordsOf(draft.title), 500);
  const query = {
    q,
    sort: "relevance" as const,
    limit: SHOWN,
    received_from: addDays(today(), -DAYS),
    ...(draft.unit ? { unit_id: draft.unit } : {}),
  };
  const { data } = $api.useQuery("get", "/api/v1/complaints", { params: { query } }, { enabled: q !== "" });
  const found = q === "" ? [] : (data?.items ?? []);
  return (
    <div role="status">
      {found.length > 0 && (
        <section>
          <h2>
            <Trans>可能已经登记过</Trans>
          </h2>
          <ul className="same">
            {found.map((item) => (
              <li key={item.id}>
                <Link to={`/complaints/${item.id}`} target="_blank" rel="noopener">
                  {item.title}
                </Link>
                <p className="m xs">
                  <ShortDay value={item.received_on} />
                  <Dot />
                  {item.number}
                </p>
                <Status state={item.state} />
              </li>
            ))}
          </ul>
          <p className="m xs">
            <Trans>在新窗口打开。同一件事又来电的，也可以登记，受理时再合并。</Trans>
          </p>
        </section>
      )}
    </div>
  );
}
