import { Trans, useLingui } from "@lingui/react/macro";
import { Cell, type CompareProps, RowName } from "./Compare";
import { measures, readSort } from "./measures";

/** On a phone a row is a card, and what they are sorted by is chosen above them. */
export function CompareCards({ heading, rows, all, filters, by, onSort }: CompareProps) {
  const { t } = useLingui();
  const { measure } = readSort(by);
  return (
    <>
      <label className="row" style={{ padding: "10px 0" }}>
        <span className="m nb">
          <Trans>排序</Trans>
        </span>
        <select
          className="inp"
          value={measure?.id ?? "name"}
          onChange={({ target: { value } }) => {
            const next = measures.find(({ id }) => id === value);
            // The worst first.
            onSort(next ? `${next.isLowBad ? "" : "-"}${next.id}` : "name");
          }}
        >
          <option value="name">{heading}</option>
          {measures.map(({ id, label }) => (
            <option key={id} value={id}>
              {t(label)}
            </option>
          ))}
        </select>
      </label>
      <ul className="compare-cards">
        {[all, ...rows].map((row) => (
          <li key={row.key} className={row === all ? "all" : undefined}>
            <b>
              <RowName row={row} filters={filters} />
            </b>
            <dl>
              {measures.map((one) => (
                <div key={one.id} className={one === measure ? "on" : undefined}>
                  <dt>{t(one.label)}</dt>
                  <dd>
                    <Cell measure={one} row={row} filters={filters} />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}
