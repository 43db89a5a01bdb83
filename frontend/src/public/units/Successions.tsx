import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatForPaper } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { Icon } from "../common/Icon";

/** Few ever read these, and the catalogue comes with the first page of everybody: they stay with this part of the page. */
const words = {
  "zh-CN": {
    merged: (day: string) => `${day}已并入下面的单位`,
    split: (day: string) => `${day}已拆分为下面的单位`,
    turn: "有话要说，请找现在的单位。以前提交的，凭原来的查询码照样能查。",
    formerly: "前身",
  },
  en: {
    merged: (day: string) => `Merged into this unit on ${day}`,
    split: (day: string) => `Split up into these units on ${day}`,
    turn: "To say something, turn to the unit of today. What was sent before can be followed with its code as ever.",
    formerly: "Formerly",
  },
};

/** What became of a unit that is closed, with where to turn now; or what it was before. */
export function Successions({ unit }: { unit: Schemas["PublicUnit"] }) {
  const { i18n } = useLingui();
  const said = words[i18n.locale === "en" ? "en" : "zh-CN"];
  const links = (others: Schemas["UnitSuccession"][]) => (
    <ul className="rows tight">
      {others.map(({ unit: other }) => (
        <li key={other.id}>
          <Link className="go" to={`/units/${other.id}`}>
            <span>{nameIn(i18n.locale, other)}</span>
            <Icon name="next" />
          </Link>
        </li>
      ))}
    </ul>
  );
  const [first] = unit.successors;
  if (first) {
    const day = formatForPaper(first.succeeded_on, i18n.locale);
    return (
      <div className="box" role="note">
        <h2>{said[first.kind](day)}</h2>
        <p className="small">{said.turn}</p>
        {links(unit.successors)}
      </div>
    );
  }
  if (unit.predecessors.length === 0) return null;
  return (
    <details>
      <summary>{said.formerly}</summary>
      {links(unit.predecessors)}
    </details>
  );
}
