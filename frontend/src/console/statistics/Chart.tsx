import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useEffectEvent, useRef } from "react";
import { token } from "../theme";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export interface Series {
  name: string;
  values: number[];
  /** The list behind each value. */
  links: string[];
}

interface ChartProps {
  labels: string[];
  series: Series[];
  describe: string;
  onPick: (to: string) => void;
}

/** The first stays plain: what came in is what the others are held against. */
const DECALS = [
  { symbol: "none" },
  { color: "rgba(255, 255, 255, 0.45)", dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4 },
  { color: "rgba(255, 255, 255, 0.6)", symbol: "circle", symbolSize: 0.5, dashArrayX: 6, dashArrayY: 6 },
];
/** More labels than these are drawn as lines: bars would be hairs. */
const BARS_UP_TO = 24;
/** Pixels that the names of three series need side by side; with fewer they stand in two lines. */
const LEGEND_NEEDS = 480;
/** Pixels between the margins of an A4 sheet, upright. */
const PAPER = 680;
/** Pixels that a bar needs for its number to stand above it. */
const NUMBER_NEEDS = 19;

/** From zero, each series with a colour and a pattern of its own and with its numbers where they fit; no motion. */
export default function Chart({ labels, series, describe, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const pick = useEffectEvent((name: string | undefined, index: number) => {
    const to = series.find((one) => one.name === name)?.links[index];
    if (to) onPick(to);
  });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const chart = init(element, null, { renderer: "svg" });
    const draw = () => chart.setOption(optionOf(labels, series, describe, element.clientWidth), true);
    draw();
    chart.on("click", ({ seriesName, dataIndex }) => pick(seriesName, dataIndex));
    const resize = new ResizeObserver(() => {
      chart.resize();
      draw();
    });
    resize.observe(element);
    // Paper is laid out without a word to the observer.
    const onPaper = () => {
      chart.resize({ width: PAPER });
      chart.setOption(optionOf(labels, series, describe, PAPER), true);
    };
    const onScreen = () => {
      chart.resize({ width: "auto" });
      draw();
    };
    globalThis.addEventListener("beforeprint", onPaper);
    globalThis.addEventListener("afterprint", onScreen);
    return () => {
      globalThis.removeEventListener("beforeprint", onPaper);
      globalThis.removeEventListener("afterprint", onScreen);
      resize.disconnect();
      chart.dispose();
    };
  }, [labels, series, describe]);
  return <div ref={box} className="chart" role="img" aria-label={describe} />;
}

function optionOf(labels: string[], series: Series[], describe: string, width: number) {
  const text = { color: token("muted"), fontFamily: token("font"), fontSize: 12 };
  const isMany = series.length > 1;
  const areBars = labels.length <= BARS_UP_TO;
  const hasNumbers = (width - 60) / (labels.length * (series.length + 0.6)) >= NUMBER_NEEDS;
  return {
    animation: false,
    aria: {
      enabled: true,
      label: { description: describe },
      decal: { show: isMany && areBars, decals: DECALS },
    },
    color: [token("c1"), token("c2"), token("c3")],
    textStyle: text,
    grid: { left: 44, right: 12, top: isMany ? (width < LEGEND_NEEDS ? 56 : 36) : 20, bottom: 24 },
    legend: isMany ? { right: 0, top: 0, itemWidth: 18, itemHeight: 12, textStyle: text } : undefined,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, textStyle: { fontSize: 13 } },
    xAxis: {
      type: "category",
      data: labels,
      boundaryGap: areBars,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("line") } },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      min: 0,
      minInterval: 1,
      splitLine: { lineStyle: { color: token("line-soft") } },
      axisLabel: text,
    },
    series: series.map((one, index) => (areBars ? barOf(one, hasNumbers) : lineOf(one, index))),
  };
}

function barOf({ name, values }: Series, hasNumbers: boolean) {
  return {
    type: "bar",
    name,
    data: values,
    barMaxWidth: 30,
    barGap: "8%",
    barCategoryGap: "20%",
    label: {
      show: hasNumbers,
      position: "top",
      distance: 3,
      color: token("ink"),
      fontSize: 11,
      formatter: ({ value }: { value: unknown }) => (value ? String(value) : ""),
    },
  };
}

const DASHES = ["solid", "dashed", "dotted"];
const SYMBOLS = ["circle", "rect", "triangle"];

function lineOf({ name, values }: Series, index: number) {
  return {
    type: "line",
    name,
    data: values,
    symbol: SYMBOLS[index],
    symbolSize: 6,
    showAllSymbol: true,
    triggerLineEvent: false,
    lineStyle: { width: 2, type: DASHES[index] },
  };
}
