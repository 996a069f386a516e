import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { chartOption, readColours } from './chart-option.ts';
import type { ChartSpec } from './chart-spec.ts';

use([
  BarChart,
  HeatmapChart,
  LineChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
  LabelLayout,
  CanvasRenderer,
  SVGRenderer,
]);

/** A chart on the page. */
export interface DrawnChart {
  draw(spec: ChartSpec): void;
  /** Shows the values at a label, as hovering does. */
  point(index: number): void;
  resize(): void;
  png(): string;
  close(): void;
}

const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Draws into an element. */
export function drawChart(element: HTMLElement, spec: ChartSpec): DrawnChart {
  const chart: ECharts = init(element, null, { renderer: 'canvas' });
  const draw = (next: ChartSpec): void =>
    chart.setOption(chartOption(next, readColours(element), still()), true);
  draw(spec);
  return {
    draw,
    point: (index) => chart.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: index }),
    resize: () => chart.resize(),
    png: () => chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: readColours(element).paper }),
    close: () => chart.dispose(),
  };
}

/** The chart as an SVG text. */
export function svgOf(element: HTMLElement, spec: ChartSpec): string {
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: element.clientWidth,
    height: element.clientHeight,
  });
  try {
    chart.setOption(chartOption(spec, readColours(element), true));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
