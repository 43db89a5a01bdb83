import { Trans, useLingui } from "@lingui/react/macro";
import { useQueries, useQuery } from "@tanstack/react-query";
import { $api, api, type Schemas } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Skeleton } from "../shared/parts";
import { type Unit, useUnitList } from "./useUnits";

/** What goes to which successor, by id; what is not named goes to the first. */
export type Part = Record<string, string>;

interface PartsProps {
  unit: Unit;
  successors: string[];
  units: Part;
  members: Part;
  onUnits: (parts: Part) => void;
  onMembers: (parts: Part) => void;
}

/** A school has at most so many people; a list of more is better imported. */
const PAGES = 10;

/** The unit's own members, page by page: those of the units below go along with these. */
function useOwnMembers(unit: Unit) {
  return useQuery({
    queryKey: ["split-members", unit.id, unit.version],
    queryFn: async ({ signal }) => {
      const found: Schemas["Member"][] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES; page += 1) {
        const query = { unit_id: unit.id, limit: 100, ...(cursor ? { cursor } : {}) };
        const { data } = await api.GET("/api/v1/members", { params: { query }, signal });
        found.push(...(data?.items ?? []).filter((member) => member.unit.id === unit.id));
        cursor = data?.next_cursor ?? undefined;
        if (!cursor) break;
      }
      return found;
    },
  });
}

/** Who and what goes to another successor than the first. */
export function SplitParts({ unit, successors, units, members, onUnits, onMembers }: PartsProps) {
  const { t } = useLingui();
  const below = useUnitList({ parent_id: unit.id });
  const people = useOwnMembers(unit);
  const failed = below.error ?? people.error;
  const retry = () => {
    void below.refetch();
    void people.refetch();
  };
  if (failed) return <ErrorNotice error={failed} retry={retry} />;
  if (!below.data || !people.data) return <Skeleton lines={3} label={t`正在取成员和下级单位`} />;
  return (
    <>
      <Shares
        title={t`下级单位`}
        items={below.data.items}
        successors={successors}
        parts={units}
        onChange={onUnits}
      />
      <Shares
        title={t`成员`}
        items={people.data}
        successors={successors}
        parts={members}
        onChange={onMembers}
      />
    </>
  );
}

interface SharesProps {
  title: string;
  items: { id: string; name: string; name_en: string | null }[];
  successors: string[];
  parts: Part;
  onChange: (parts: Part) => void;
}

function Shares({ title, items, successors, parts, onChange }: SharesProps) {
  const { t, i18n } = useLingui();
  const names = useQueries({
    queries: successors.map((id) =>
      $api.queryOptions("get", "/api/v1/units/{unit_id}", { params: { path: { unit_id: id } } }),
    ),
  });
  if (items.length === 0 || successors.length < 2) return null;
  const elsewhere = items.filter(({ id }) => successors.indexOf(parts[id] ?? "") > 0).length;
  return (
    <details className="parts" open={items.length <= 10}>
      <summary>
        {title}{" "}
        <span className="m xs">
          <Trans>
            共{formatNumber(items.length, i18n.locale)}，其中{formatNumber(elsewhere, i18n.locale)}不归第一个
          </Trans>
        </span>
      </summary>
      <ul>
        {items.map((item) => {
          const name = nameIn(i18n.locale, item);
          return (
            <li key={item.id}>
              <span className="ell">{name}</span>
              <select
                className="inp"
                aria-label={t`${name}归哪个单位`}
                value={successors.includes(parts[item.id] ?? "") ? parts[item.id] : successors[0]}
                onChange={(event) => onChange({ ...parts, [item.id]: event.target.value })}
              >
                {successors.map((id, at) => (
                  <option key={id} value={id}>
                    {names[at]?.data ? nameIn(i18n.locale, names[at].data) : t`承接单位${at + 1}`}
                  </option>
                ))}
              </select>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
