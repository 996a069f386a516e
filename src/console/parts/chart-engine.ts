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
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { chartOption, namesAtEnds, readColours } from './chart-option.ts';
import { spreadOut } from './spread-out.ts';
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
  let shown = spec;
  const draw = (next: ChartSpec, settled = false): void => {
    shown = next;
    const size = { width: element.clientWidth, still: settled || still() };
    chart.setOption(chartOption(next, readColours(element), size), true);
    partNames(chart, next, size.width);
  };
  draw(spec);
  // Letters that come later, and paper with its own width and colours.
  const redraw = (): void => {
    chart.resize();
    draw(shown, true);
  };
  const paper = matchMedia('print');
  document.fonts.addEventListener('loadingdone', redraw);
  paper.addEventListener('change', redraw);
  return {
    draw,
    point: (index) => chart.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: index }),
    resize: () => {
      chart.resize();
      draw(shown);
    },
    png: () => chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: readColours(element).paper }),
    close: () => {
      document.fonts.removeEventListener('loadingdone', redraw);
      paper.removeEventListener('change', redraw);
      chart.dispose();
    },
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
    const width = element.clientWidth;
    chart.setOption(chartOption(spec, readColours(element), { width, still: true }));
    partNames(chart, spec, width);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

const lineHeight = 15;

/** Moves the names at the ends of lines apart where they would meet. */
function partNames(chart: ECharts, spec: ChartSpec, width: number): void {
  if (!namesAtEnds(spec, width)) return;
  const ends = spec.series.map(({ values }) => {
    const last = values.findLast((value) => value !== null);
    return typeof last === 'number' ? chart.convertToPixel({ yAxisIndex: 0 }, last) : undefined;
  });
  const placed = spreadOut(ends, lineHeight, chart.getHeight() - lineHeight);
  chart.setOption({
    series: placed.map((y, index) => ({ endLabel: { offset: [0, (y ?? 0) - (ends[index] ?? 0)] } })),
  });
}
