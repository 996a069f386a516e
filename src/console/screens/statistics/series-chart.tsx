import { useMemo, type ReactNode } from 'react';
import { Chart } from '../../parts/chart.tsx';
import type { ChartAnnotation, ChartSeries, ChartSpec } from '../../parts/chart-spec.ts';
import type { BlockProps } from './block.tsx';
import type { Cell, Column } from './page-types.ts';
import type { PageWords } from './words.ts';

const yearDays = 330;
/** So many marks have room for their words on a phone. */
const phoneMarks = 2;

/** A line, bar or stacked chart of a block, with what is to know of its days below it. */
export function SeriesChart({
  title,
  block,
  rows: answer,
  words,
}: BlockProps & { readonly grain: string }): ReactNode {
  const spec = useMemo(() => toSpec(block.kind, answer, words), [block.kind, answer, words]);
  const { say } = words;
  const missing = answer.marks.filter((mark) => mark === 'missing').length;
  const notes = [
    ...(answer.forecast === null ? [] : [say('forecastHow')]),
    ...(answer.marks.includes('partial') ? [say('partialHow')] : []),
    ...(missing > 0 ? [say('missingHow', { count: missing })] : []),
  ];
  if (answer.rows.length === 0) {
    return (
      <>
        <h2>{title}</h2>
        <p className="muted">{say('noRows')}</p>
      </>
    );
  }
  return (
    <>
      <Chart title={unitTitle(title, answer.columns, words)} spec={spec} />
      {notes.length === 0 ? null : <p className="small block-note">{notes.join(' ')}</p>}
    </>
  );
}

/** A heat map of a block. */
export function HeatChart({ title, rows: answer, words }: BlockProps): ReactNode {
  const spec = useMemo(() => toHeat(answer, words), [answer, words]);
  const height = Math.max(120, spec.series.length * 22 + 40);
  return answer.rows.length === 0 ? (
    <>
      <h2>{title}</h2>
      <p className="muted">{words.say('noRows')}</p>
    </>
  ) : (
    <Chart title={title} spec={spec} height={height} />
  );
}

function toSpec(kind: string, answer: BlockProps['rows'], words: PageWords): ChartSpec {
  const [axis, ...columns] = answer.columns;
  const days = answer.rows.map((row) => String(row[0] ?? ''));
  const long = axis?.type === 'day' && days.length > yearDays;
  const dated = axis?.type === 'day' || axis?.type === 'week' || axis?.type === 'month';
  const labels = answer.rows.map(([cell = null]) =>
    long ? String(cell) : dated ? words.period(String(cell), axis.type) : words.cell(cell, axis ?? plain),
  );
  const open = answer.marks.indexOf('partial');
  const series = columns.map((column, place): ChartSeries => ({
    name: seriesName(column, { columns, grain: axis?.type }, words),
    values: answer.rows.map((row) => numberOf(row[place + 1] ?? null)),
    ...(column.role === 'comparison' || column.role === 'forecast' ? { dashed: true } : {}),
    ...(column.role === 'value' && open >= 0 && kind === 'line' ? { openFrom: open } : {}),
  }));
  const unit = columns[0]?.unit ?? null;
  return {
    kind:
      kind === 'bar' && columns.length > 1
        ? 'stacked'
        : kind === 'line'
          ? 'line'
          : kind === 'stacked'
            ? 'stacked'
            : 'bar',
    labels,
    series,
    labelHead: axis === undefined ? '' : words.head(axis),
    write: (value) => words.value(value, unit),
    annotations: dated && kind === 'line' ? annotationsAt(answer.annotations, { days, labels }, words) : [],
  };
}

const plain = { type: 'text', unit: null, role: 'axis' } as const;

/** One mark a label: what falls into one period is counted behind the first. */
function annotationsAt(
  annotations: BlockProps['rows']['annotations'],
  { days, labels }: { readonly days: readonly string[]; readonly labels: readonly string[] },
  words: PageWords,
): readonly ChartAnnotation[] {
  const marks = new Map<string, string[]>();
  for (const { day, title } of annotations) {
    const label = labels[days.findLastIndex((each) => each <= day)];
    if (label !== undefined) marks.set(label, [...(marks.get(label) ?? []), words.text(title)]);
  }
  const shown = matchMedia('(max-width: 719px)').matches ? phoneMarks : marks.size;
  return [...marks].slice(-shown).map(([label, [first = '', ...rest]]) => ({
    label,
    text: rest.length === 0 ? first : `${first} +${rest.length}`,
  }));
}

function seriesName(
  column: Column,
  { columns, grain }: { readonly columns: readonly Column[]; readonly grain: string | undefined },
  words: PageWords,
): string {
  const kind = column.name.split(':')[1];
  if (column.role === 'forecast') return words.say('forecast');
  if (column.role === 'comparison' && (kind === 'previous' || kind === 'same_weekday' || kind === 'year')) {
    const many = columns.filter(({ role }) => role === 'value').length > 1;
    const against = words.say(kind === 'same_weekday' && grain !== 'day' ? 'previous' : kind);
    return many ? `${words.text(column.title)}, ${against}` : against;
  }
  return column.title === null ? words.member(column.name) : words.text(column.title);
}

function toHeat(answer: BlockProps['rows'], words: PageWords): ChartSpec {
  const [x, y, value] = answer.columns;
  const name = (cell: Cell, column: Column | undefined): string =>
    column?.name === 'weekday' && typeof cell === 'number'
      ? words.format.weekday(`2026-11-${String(22 + cell).padStart(2, '0')}`)
      : words.cell(cell, column ?? plain);
  const across = [...new Set(answer.rows.map((row) => row[0] ?? null))].toSorted(inOrder);
  const down = [...new Set(answer.rows.map((row) => row[1] ?? null))].toSorted(inOrder);
  const values = new Map(
    answer.rows.map((row) => [JSON.stringify([row[0], row[1]]), numberOf(row[2] ?? null)]),
  );
  return {
    kind: 'heat',
    labels: across.map((cell) => name(cell, x)),
    series: down.map((cell) => ({
      name: name(cell, y),
      values: across.map((each) => values.get(JSON.stringify([each, cell])) ?? null),
    })),
    labelHead: x === undefined ? '' : name(x.name, undefined),
    write: (amount) => words.value(amount, value?.unit ?? null),
  };
}

function inOrder(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function numberOf(cell: Cell): number | null {
  return typeof cell === 'number' ? cell : null;
}

function unitTitle(title: string, columns: readonly Column[], words: PageWords): string {
  if (title !== '') return title;
  const first = columns.find(({ role }) => role === 'value');
  return first === undefined ? '' : words.head(first);
}
