import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useEffectEvent, useRef } from "react";
import { token } from "../theme";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export interface Series {
  name: string;
  values: number[];
}

interface ChartProps {
  labels: string[];
  series: Series[];
  describe: string;
  onPick?: (index: number) => void;
}

/** Bars from zero, at most two series, each with its pattern; no motion. */
export default function Chart({ labels, series, describe, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const pick = useEffectEvent((index: number) => onPick?.(index));
  useEffect(() => {
    if (!box.current) return;
    const chart = init(box.current, null, { renderer: "svg" });
    chart.setOption(optionOf(labels, series, describe));
    chart.on("click", ({ dataIndex }) => pick(dataIndex));
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(box.current);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [labels, series, describe]);
  return <div ref={box} className="chart" role="img" aria-label={describe} />;
}

function optionOf(labels: string[], series: Series[], describe: string) {
  const text = { color: token("muted"), fontFamily: token("font"), fontSize: 12 };
  return {
    animation: false,
    aria: { enabled: true, label: { description: describe }, decal: { show: series.length > 1 } },
    color: [token("c1"), token("c3")],
    textStyle: text,
    grid: { left: 44, right: 8, top: series.length > 1 ? 32 : 12, bottom: 24 },
    legend:
      series.length > 1 ? { right: 0, top: 0, itemWidth: 12, itemHeight: 12, textStyle: text } : undefined,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, textStyle: { fontSize: 13 } },
    xAxis: {
      type: "category",
      data: labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("line") } },
      axisLabel: text,
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitLine: { lineStyle: { color: token("line-soft") } },
      axisLabel: text,
    },
    series: series.map(({ name, values }) => ({
      type: "bar",
      name,
      data: values,
      barMaxWidth: 28,
      barGap: "8%",
    })),
  };
}
