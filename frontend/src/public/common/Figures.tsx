import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { formatNumber, percentOf } from "../../shared/format";
import { Icon } from "./Icon";

interface Figure {
  key: string;
  name: string;
  value: ReactNode;
  explains: ReactNode;
  to?: string;
  opens?: string;
}

interface FiguresProps {
  figures: Schemas["PublicFigures"];
  to?: string;
  /** Where it is not the present one. */
  year?: number;
}

/**
 * The four figures of a county or a unit. A null is fewer than five cases, since a number so small could show who
 * complained, or a number from which one so small could be worked out.
 * With `to` each figure leads to where it is explained.
 */
export function Figures({ figures, to, year }: FiguresProps) {
  const items = useFigures({ figures, to, year });
  return (
    <div className="figs">
      {items.map(({ key, name, value, explains, to: target, opens }) => {
        const inside = (
          <>
            <span className="k">{name}</span>
            <span className="v">{value}</span>
            <span className="d">{explains}</span>
            {opens && (
              <span className="o">
                {opens}
                <Icon name="next" />
              </span>
            )}
          </>
        );
        return target ? (
          <Link className="fig" key={key} to={target}>
            {inside}
          </Link>
        ) : (
          <div className="fig" key={key}>
            {inside}
          </div>
        );
      })}
    </div>
  );
}

function useFigures({ figures, to, year }: FiguresProps): Figure[] {
  const { t, i18n } = useLingui();
  const number = (value: number) => formatNumber(value, i18n.locale);
  const { received, replied, median_days_to_reply: median, satisfied, rated } = figures;
  const few = <Few />;
  const share = satisfied !== null && rated ? percentOf(satisfied, rated) : null;
  const link = (part: string, opens: string) => (to ? { to: `${to}#${part}`, opens } : {});
  return [
    {
      key: "received",
      name: year === undefined ? t`今年收到` : t`${year}年收到`,
      value: received === null ? few : <Counted value={number(received)} unit={t`件`} />,
      explains: t`各种渠道合计`,
      ...link("months", t`看每月`),
    },
    {
      key: "replied",
      name: t`已经答复`,
      value: replied === null ? few : <Counted value={number(replied)} unit={t`件`} />,
      explains: t`单位负责人审核后发出的`,
      ...link("kinds", t`看都是什么事`),
    },
    {
      key: "median",
      name: t`答复用时的中位数`,
      value: median === null ? few : <Counted value={number(median)} unit={t`天`} />,
      explains: t`快慢各占一半`,
      ...link("how", t`看怎么算的`),
    },
    {
      key: "satisfied",
      name: t`对答复满意`,
      value: share === null ? few : <Counted value={number(share)} unit="%" />,
      explains:
        share === null || satisfied === null || rated === null ? (
          t`含“基本满意”`
        ) : (
          <Trans>
            <span className="nb">{number(rated)}人评价，</span>
            <span className="nb">{number(satisfied)}人满意，</span>
            <span className="nb">含“基本满意”</span>
          </Trans>
        ),
      ...link("how", t`看怎么算的`),
    },
  ];
}

function Counted({ value, unit }: { value: string; unit: string }) {
  return (
    <>
      {value}
      <small>{unit}</small>
    </>
  );
}

function Few() {
  return (
    <span className="few">
      <Trans>不单列</Trans>
    </span>
  );
}
