import type { EChartsCoreOption } from 'echarts/core';
import type { ChartSeries, ChartSpec } from './chart-spec.ts';

/** Colours of the page, read from its tokens. */
export interface ChartColours {
  readonly series: readonly string[];
  readonly amounts: readonly string[];
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly paper: string;
  readonly raised: string;
  readonly mark: string;
  readonly font: string;
}

let letters = 0;
// The engine remembers how wide a text is in a face by the face's name: when letters have come, they are measured anew
// under another list of names.
if (typeof document !== 'undefined')
  document.fonts.addEventListener('loadingdone', () => {
    letters += 1;
  });

/** The tokens as they are now, light or dark. */
export function readColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((index) => token(`--c${index}`)),
    amounts: [1, 2, 3, 4, 5].map((index) => token(`--q${index}`)),
    ink: token('--ink'),
    ink2: token('--ink-2'),
    ink3: token('--ink-3'),
    line: token('--line'),
    paper: token('--paper'),
    raised: token('--raised'),
    mark: token('--up'),
    font: `${token('--font-text')}, "letters ${letters}"`,
  };
}

/**
 * What the engine draws: hairline grid, labels at the ends of lines, no legend where names stand beside
 * what they name.
 */
export function chartOption(
  spec: ChartSpec,
  colours: ChartColours,
  size: { readonly width: number; readonly still: boolean },
): EChartsCoreOption {
  const write = spec.write ?? ((value: number) => value.toLocaleString());
  const text = { color: colours.ink3, fontFamily: colours.font, fontSize: 12 };
  const category = {
    type: 'category',
    data: [...spec.labels],
    boundaryGap: spec.kind !== 'line',
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: { ...text, hideOverlap: true },
  };
  const value = {
    type: 'value',
    inverse: spec.inverted === true,
    ...(spec.inverted === true ? { min: 1, minInterval: 1 } : {}),
    scale: spec.kind === 'line',
    splitNumber: 3,
    axisLabel: { ...text, formatter: (amount: number) => write(amount) },
    splitLine: { lineStyle: { color: colours.line } },
  };
  const common = {
    animation: !size.still,
    animationDuration: 240,
    animationDurationUpdate: 180,
    color: [...colours.series],
    textStyle: { fontFamily: colours.font },
    aria: { enabled: true },
    tooltip: {
      trigger: spec.kind === 'heat' ? 'item' : 'axis',
      // Drawn on the canvas: the page's policy allows no styles inside of markup.
      renderMode: 'richText',
      confine: true,
      backgroundColor: colours.raised,
      borderColor: colours.line,
      padding: [6, 10],
      textStyle: { color: colours.ink, fontFamily: colours.font, fontSize: 12 },
      axisPointer: { type: 'line', lineStyle: { color: colours.ink3, width: 1, type: 'solid' } },
      valueFormatter: (amount: unknown) => (typeof amount === 'number' ? write(amount) : '–'),
    },
  };
  if (spec.kind === 'heat') return { ...common, ...heat(spec, colours, text) };
  const flat = spec.kind === 'horizontal';
  const named = namesAtEnds(spec, size.width);
  return {
    ...common,
    grid: { left: 4, right: named ? nameWidth(spec) : 12, top: 20, bottom: 4, containLabel: true },
    ...(spec.series.length > 1 && !named
      ? {
          legend: {
            top: 0,
            left: 0,
            itemWidth: 10,
            itemHeight: 10,
            icon: spec.kind === 'line' ? 'roundRect' : 'rect',
            ...(spec.kind === 'line' ? { itemHeight: 3 } : {}),
            textStyle: { ...text, color: colours.ink2 },
          },
          grid: {
            left: 4,
            right: 12,
            top: 16 + 20 * legendLines(spec, size.width),
            bottom: 4,
            containLabel: true,
          },
        }
      : {}),
    xAxis: flat ? value : category,
    yAxis: flat ? { ...category, inverse: true } : value,
    series: spec.series.flatMap((series, index) => drawn(spec, series, { index, colours, text, named })),
  };
}

/** Below this width the names of lines stand above the chart, not at their ends. */
const narrow = 520;
const nameWidthMax = 150;

/** Whether lines are named at their ends. */
export function namesAtEnds(spec: ChartSpec, width: number): boolean {
  return spec.kind === 'line' && spec.series.length > 1 && width >= narrow;
}

function nameWidth(spec: ChartSpec): number {
  return Math.min(nameWidthMax, Math.max(...spec.series.map(({ name }) => textWidth(name)))) + 16;
}

function textWidth(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (letter > '\u1100' ? 12 : 6.6), 0);
}

/** How many lines the names above a chart take: a mark, the name, and the gap to the next. */
export function legendLines(spec: ChartSpec, width: number): number {
  let [lines, used] = [1, 0];
  for (const { name } of spec.series) {
    const wide = textWidth(name) + 26;
    if (used > 0 && used + wide > width) [lines, used] = [lines + 1, 0];
    used += wide;
  }
  return lines;
}

function drawn(
  spec: ChartSpec,
  series: ChartSeries,
  look: {
    readonly index: number;
    readonly colours: ChartColours;
    readonly text: object;
    readonly named: boolean;
  },
): readonly object[] {
  const { index, colours, text, named } = look;
  const colour = series.dashed === true ? colours.ink3 : (colours.series[index] ?? colours.ink2);
  const marks =
    index > 0 || spec.annotations === undefined
      ? {}
      : {
          markLine: {
            symbol: 'none',
            silent: true,
            lineStyle: { color: colours.mark, type: [2, 3], width: 1 },
            label: {
              ...text,
              color: colours.mark,
              position: 'end',
              align: 'left',
              rotate: 0,
              formatter: '{b}',
            },
            data: spec.annotations.map((annotation) => ({ xAxis: annotation.label, name: annotation.text })),
          },
        };
  if (spec.kind !== 'line') {
    return [
      {
        type: 'bar',
        name: series.name,
        data: [...series.values],
        barMaxWidth: 28,
        itemStyle: { color: colour },
        ...(spec.kind === 'stacked' ? { stack: 'all' } : {}),
        ...marks,
      },
    ];
  }
  const closed = series.openFrom ?? series.values.length;
  const line = {
    type: 'line',
    name: series.name,
    symbol: 'circle',
    symbolSize: 5,
    showSymbol: series.values.length === 1,
    sampling: 'lttb',
    connectNulls: false,
    lineStyle: {
      color: colour,
      width: series.dashed === true ? 1.3 : 2,
      type: series.dashed === true ? [3, 3] : 'solid',
    },
    itemStyle: { color: colour },
    ...(named
      ? {
          endLabel: {
            show: true,
            formatter: '{a}',
            width: nameWidthMax,
            overflow: 'truncate',
            ...text,
            color: colour,
            fontWeight: index === 0 ? 600 : 400,
            // Read over another line, too.
            backgroundColor: colours.paper,
            padding: [1, 3],
          },
        }
      : {}),
    ...marks,
  };
  const data = series.values.map((value, position) =>
    position < closed
      ? value
      : { value, symbol: 'emptyCircle', symbolSize: 7, itemStyle: { color: colour }, label: { show: false } },
  );
  return [
    {
      ...line,
      data,
      ...(closed < series.values.length
        ? {
            showSymbol: true,
            symbolSize: (_v: unknown, p: { dataIndex: number }) => (p.dataIndex < closed ? 0 : 7),
          }
        : {}),
    },
  ];
}

function heat(spec: ChartSpec, colours: ChartColours, text: object): EChartsCoreOption {
  const cells = spec.series.flatMap((series, row) =>
    series.values.flatMap((value, column) => (value === null ? [] : [[column, row, value] as const])),
  );
  const amounts = cells.map(([, , value]) => value);
  return {
    grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: [...spec.labels],
      axisLabel: text,
      axisTick: { show: false },
      axisLine: { show: false },
    },
    yAxis: {
      type: 'category',
      data: spec.series.map(({ name }) => name),
      inverse: true,
      axisLabel: text,
      axisTick: { show: false },
      axisLine: { show: false },
    },
    visualMap: {
      show: false,
      min: Math.min(...amounts, 0),
      max: Math.max(...amounts, 1),
      inRange: { color: [...colours.amounts] },
    },
    series: [{ type: 'heatmap', data: cells, itemStyle: { borderColor: colours.paper, borderWidth: 1 } }],
  };
}
