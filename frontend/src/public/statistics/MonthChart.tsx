import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import type { Schemas } from "../../api/client";
import { formatMonth } from "../../shared/format";

type Month = Schemas["PublicMonthFigures"];

const HEIGHT = 260;
const TOP = 28;
const BOTTOM = 34;

/** A round end of the axis and its steps: 0, 100, 200... */
export function axisFor(max: number): { end: number; step: number } {
  const rough = Math.max(max, 4) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power);
  return { end: Math.ceil(Math.max(max, 4) / step) * step, step };
}

/**
 * Received, and of these replied, month by month. It is drawn for the width it has, not scaled, so that its words keep their size.
 * A month whose number is not shown has a dashed stub in place of a bar.
 */
export function MonthChart({ months, label }: { months: readonly Month[]; label: string }) {
  const { i18n, t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const max = Math.max(...months.flatMap((month) => [month.received ?? 0, month.replied ?? 0]));
  const { end, step } = axisFor(max);
  const left = 14 + String(end).length * 9;
  const slot = (width - left) / Math.max(months.length, 1);
  const bar = Math.max(4, Math.min(36, slot * 0.36));
  const y = (value: number) => HEIGHT - BOTTOM - (value / end) * (HEIGHT - TOP - BOTTOM);
  // Two numbers side by side, and a month's name, need this much.
  const hasNumbers = bar + 2 >= String(max).length * 9 + 3;
  const hasNames = slot >= 44;
  return (
    <div className="chart" ref={box}>
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        <defs>
          <pattern
            id="stripes"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="6" height="6" className="c2-bg" />
            <rect width="3" height="6" className="c2" />
          </pattern>
        </defs>
        {Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step).map((value) => (
          <g key={value}>
            <line
              x1={left}
              x2={width}
              y1={y(value)}
              y2={y(value)}
              className={value === 0 ? "axis" : "grid"}
            />
            <text x={left - 8} y={y(value) + 5} textAnchor="end" className="mu">
              {value}
            </text>
          </g>
        ))}
        {months.map((month, index) => {
          const middle = left + slot * (index + 0.5);
          const isNamed = hasNames || index % 2 === (months.length - 1) % 2;
          return (
            <g key={month.month}>
              <Bar
                value={month.received}
                x={middle - bar - 1}
                width={bar}
                y={y}
                className="c1"
                hasLabel={hasNumbers}
              />
              <Bar
                value={month.replied}
                x={middle + 1}
                width={bar}
                y={y}
                className="striped"
                hasLabel={hasNumbers}
              />
              {isNamed && (
                <text x={middle} y={HEIGHT - 10} textAnchor="middle" className="mu">
                  {formatMonth(month.month, i18n.locale)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <p className="key">
        <span>
          <i className="k1" />
          {t`收到`}
        </span>
        <span>
          <i className="k2" />
          {t`其中已答复`}
        </span>
        <span>
          <i className="k0" />
          {t`不单列`}
        </span>
      </p>
    </div>
  );
}

interface BarProps {
  value: number | null;
  x: number;
  width: number;
  y: (value: number) => number;
  className: string;
  hasLabel: boolean;
}

function Bar({ value, x, width, y, className, hasLabel }: BarProps) {
  if (value === null) return <rect x={x} y={y(0) - 7} width={width} height={7} className="stub" />;
  return (
    <>
      <rect x={x} y={y(value)} width={width} height={y(0) - y(value)} className={className} />
      {hasLabel && (
        <text x={x + width / 2} y={y(value) - 6} textAnchor="middle" className="b">
          {value}
        </text>
      )}
    </>
  );
}

function useWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(680);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      if (element.clientWidth > 0) setWidth(element.clientWidth);
    };
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
