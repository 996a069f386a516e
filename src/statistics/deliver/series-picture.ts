import type { BlockAnswer } from '../page/answer.ts';
import { inLanguage } from '../page/export.ts';
import { colours, html, type Html } from './html.ts';
import type { MessageFormat } from './format.ts';
import { say } from './words.ts';

/**
 * A chart of one series as columns, which every mail program can draw: a cell a period, as high as its share of the
 * highest. Undefined for several series and where there is nothing along the axis.
 */
export function seriesPicture(answer: BlockAnswer, format: MessageFormat): Html | undefined {
  const axis = answer.columns.findIndex((column) => column.role === 'axis');
  const series = answer.columns.filter((column) => column.role === 'value' && column.type === 'number');
  const column = series.length === 1 ? series[0] : undefined;
  const axisColumn = answer.columns[axis];
  if (column === undefined || axisColumn === undefined) return undefined;
  const first = answer.columns.indexOf(column);
  const rows = answer.rows.flatMap((row, index) =>
    answer.marks[index] === 'forecast'
      ? []
      : [{ at: row[axis] ?? null, value: row[first] ?? null, mark: answer.marks[index] }],
  );
  const shown = rows.slice(-columnsMax);
  const highest = Math.max(...shown.map(({ value }) => (typeof value === 'number' ? value : 0)));
  const [begin, end] = [shown[0], shown.at(-1)];
  if (begin === undefined || end === undefined || highest <= 0) return undefined;
  const label = (cell: typeof begin.at): string => format.cell(cell, axisColumn);
  const name = column.title === null ? '' : inLanguage(column.title, format.language);
  const cells = shown.map(({ at, value, mark }) => {
    const height = typeof value === 'number' ? Math.round((Math.max(0, value) / highest) * heightPx) : 0;
    const said = `${label(at)}: ${format.value(value, column.unit)}`;
    const style =
      mark === 'partial' ? `border:1px solid ${colours.bar};border-bottom:0` : `background:${colours.bar}`;
    return html`<td style="vertical-align:bottom;padding:0 1px;height:${heightPx}px" title="${said}">
      <div style="height:${height}px;${style};font-size:0">&nbsp;</div>
    </td>`;
  });
  return html`<table
      role="img"
      aria-label="${`${name} ${label(begin.at)} – ${label(end.at)}: ${format.value(end.value, column.unit)}`}"
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
        <td style="text-align:center">
          ${say(format.language, 'highest', { value: format.value(highest, column.unit) })}
        </td>
        <td style="text-align:right">${label(end.at)}: ${format.value(end.value, column.unit)}</td>
      </tr>
    </table>`;
}

const columnsMax = 62;
const heightPx = 72;
