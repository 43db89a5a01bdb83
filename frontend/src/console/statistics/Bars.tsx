import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { formatNumber } from "../../shared/format";

export interface BarItem {
  key: string;
  label: string;
  value: number;
  to: string;
  tone?: "late" | "quiet";
}

/** Bars from zero with their numbers; each number is a link to its list. */
export function Bars({ title, items }: { title: string; items: BarItem[] }) {
  const { i18n } = useLingui();
  const most = Math.max(1, ...items.map(({ value }) => value));
  return (
    <section>
      <div className="sec">
        <h2>{title}</h2>
      </div>
      <ul className="bars">
        {items.map(({ key, label, value, to, tone }) => (
          <li key={key}>
            <span className="r ell" title={label}>
              {label}
            </span>
            <span>
              <span
                className={`b1 ${tone ?? ""}`}
                style={{ display: "block", width: `${(value / most) * 100}%` }}
              />
            </span>
            <span>
              <Link className="fig" to={to} aria-label={`${label} ${value}`}>
                {formatNumber(value, i18n.locale)}
              </Link>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
