import type { AnswerCell, AnswerColumn, BlockAnswer } from '../page/answer.ts';
import { headOf, type ExportWords } from '../page/export.ts';
import { colours, html, type Html } from './html.ts';
import type { MessageFormat } from './format.ts';
import { say } from './words.ts';

/**
 * A chart as columns, which every mail program can draw: a cell a period, as high as its share of the highest. Several
 * series stand below each other, each with its name, on one scale where they share the unit. Undefined for more than
 * six series and where there is nothing along the axis.
 */
export function seriesPicture(
  answer: BlockAnswer,
  options: { readonly format: MessageFormat; readonly words: ExportWords },
): Html | undefined {
  const axisPlace = answer.columns.findIndex((column) => column.role === 'axis');
  const axis = answer.columns[axisPlace];
  const series = answer.columns.flatMap((column, place) =>
    column.role === 'value' && column.type === 'number' ? [{ column, place }] : [],
  );
  if (axis === undefined || series.length === 0 || series.length > seriesMax) return undefined;
  const rows = answer.rows
    .flatMap((row, index) => (answer.marks[index] === 'forecast' ? [] : [{ row, mark: answer.marks[index] }]))
    .slice(-columnsMax);
  const drawn = series.map(({ column, place }) => ({
    column,
    name: headOf(column, options.words),
    periods: rows.map(({ row, mark }) => ({
      at: row[axisPlace] ?? null,
      value: row[place] ?? null,
      partial: mark === 'partial',
    })),
  }));
  const highest = (unit: string | null): number =>
    Math.max(
      0,
      ...drawn.filter((one) => one.column.unit === unit).flatMap((one) => one.periods.map(heightOf)),
    );
  if (drawn.every((one) => highest(one.column.unit) <= 0)) return undefined;
  const pictures = drawn.map((one) => ({
    ...one,
    axis,
    named: drawn.length > 1,
    highest: highest(one.column.unit),
  }));
  return html`${pictures.map((picture) => columnsPicture(picture, options.format))}`;
}

interface Period {
  readonly at: AnswerCell;
  readonly value: AnswerCell;
  readonly partial: boolean;
}

interface Picture {
  readonly column: AnswerColumn;
  readonly axis: AnswerColumn;
  readonly name: string;
  /** Whether the name stands above. */
  readonly named: boolean;
  readonly periods: readonly Period[];
  /** The value that is drawn in full height. */
  readonly highest: number;
}

function columnsPicture(picture: Picture, format: MessageFormat): Html {
  const { column, axis, name, named, periods, highest } = picture;
  const [begin, end] = [periods[0], periods.at(-1)];
  if (begin === undefined || end === undefined) return html``;
  const label = (cell: AnswerCell): string => format.cell(cell, axis);
  const last = `${label(end.at)}: ${format.value(end.value, column.unit)}`;
  const cells = periods.map((period) => {
    const height = highest > 0 ? Math.round((heightOf(period) / highest) * heightPx) : 0;
    const style = period.partial
      ? `border:1px solid ${colours.bar};border-bottom:0`
      : `background:${colours.bar}`;
    const said = `${label(period.at)}: ${format.value(period.value, column.unit)}`;
    return html`<td style="vertical-align:bottom;padding:0 1px;height:${heightPx}px" title="${said}">
      <div style="height:${height}px;${style};font-size:0">&nbsp;</div>
    </td>`;
  });
  const most = format.value(Math.max(...periods.map(heightOf)), column.unit);
  return html`${named ? [html`<p style="margin:8px 0 2px;font-size:13px;font-weight:600">${name}</p>`] : []}
    <table
      role="img"
      aria-label="${`${name} ${label(begin.at)} – ${last}`}"
      width="100%"
      cellpadding="0"
      cellspacing="0"
      style="border-bottom:1px solid ${colours.line};table-layout:fixed"
    >
      <tr>
        ${cells}
      </tr>
    </table>
    <table
      role="presentation"
      width="100%"
      cellpadding="0"
      cellspacing="0"
      style="font-size:12px;color:${colours.muted};margin-bottom:12px"
    >
      <tr>
        <td>${label(begin.at)}</td>
        <td style="text-align:center">${say(format.language, 'highest', { value: most })}</td>
        <td style="text-align:right">${last}</td>
      </tr>
    </table>`;
}

function heightOf({ value }: Period): number {
  return typeof value === 'number' ? Math.max(0, value) : 0;
}

const seriesMax = 6;
const columnsMax = 62;
const heightPx = 72;
