import { answerIn, type AnswerComparison, type BlockAnswer, type ValueAnswer } from '../page/answer.ts';
import type { Inline, Page, TextNode } from '../page/page.ts';
import type { PageData } from '../page/pages.ts';
import { headOf, labelled } from '../page/export.ts';
import {
  colours,
  documentOf,
  headline,
  html,
  link,
  paragraph,
  remark,
  sectionHead,
  type Html,
} from './html.ts';
import type { MessageFormat } from './format.ts';
import { seriesPicture } from './series-picture.ts';
import { say, title } from './words.ts';

/** A page as a message: what the console shows, in tables. */
export interface PageDocument {
  readonly title: string;
  readonly html: string;
  readonly text: string;
}

interface Writing {
  readonly data: PageData;
  readonly format: MessageFormat;
}

/** Writes a page. @param address - of the page in the console, when that has one for people elsewhere */
export function pageDocument(
  page: Page,
  data: PageData,
  options: { readonly format: MessageFormat; readonly store: string; readonly address: string | undefined },
): PageDocument {
  const { format, store, address } = options;
  const { language } = format;
  const name = title(page.title, language);
  const until = say(language, 'numbers_until', { day: format.day(data.controls.to) });
  const writing = { data, format };
  const parts = page.items.flatMap((item): readonly Part[] => {
    if (item.kind === 'text')
      return item.language === null || item.language === language ? [textPart(item.node, writing)] : [];
    if (item.kind === 'broken') return [brokenPart(item.problem.message, writing)];
    const outcome = data.blocks[item.id];
    const head =
      'title' in item.block && item.block.title !== undefined ? title(item.block.title, language) : '';
    if (outcome === undefined) return [];
    const heading: readonly Part[] = head === '' ? [] : [{ html: sectionHead(head), text: `\n## ${head}` }];
    if ('problem' in outcome) return [...heading, brokenPart(outcome.problem.message, writing)];
    return [...heading, blockPart(item.block.kind, outcome, writing)];
  });
  const more = address === undefined ? [] : [paragraph(link(address, say(language, 'open_page')))];
  return {
    title: `${store} · ${name}`,
    html: documentOf({
      language,
      title: name,
      body: [headline(name, `${store} · ${until}`), ...parts.map((part) => part.html), ...more],
    }),
    text: [
      `${name} (${until})`,
      ...parts.map((part) => part.text),
      ...(address === undefined ? [] : [`\n${address}`]),
    ].join('\n'),
  };
}

interface Part {
  readonly html: Html;
  readonly text: string;
}

function brokenPart(reason: string, { format }: Writing): Part {
  const text = say(format.language, 'broken', { reason });
  return { html: remark(text), text };
}

function textPart(node: TextNode, writing: Writing): Part {
  if (node.type === 'list') {
    const items = node.items.map((nodes) => nodes.map((one) => textPart(one, writing)));
    const list = items.map((parts) => html`<li>${parts.map((part) => part.html)}</li>`);
    return {
      html: node.ordered
        ? html`<ol>
            ${list}
          </ol>`
        : html`<ul>
            ${list}
          </ul>`,
      text: items.map((parts) => `- ${parts.map((part) => part.text).join(' ')}`).join('\n'),
    };
  }
  if (node.type === 'quote') {
    const parts = node.children.map((one) => textPart(one, writing));
    return {
      html: html`<blockquote>${parts.map((part) => part.html)}</blockquote>`,
      text: parts.map((part) => part.text).join('\n'),
    };
  }
  const content = node.children.map((one) => inlinePart(one, writing));
  const text = content.map((part) => part.text).join('');
  const inner = html`${content.map((part) => part.html)}`;
  return node.type === 'heading'
    ? { html: sectionHead(text), text: `\n## ${text}` }
    : { html: paragraph(inner), text };
}

function inlinePart(node: Inline, writing: Writing): Part {
  switch (node.type) {
    case 'text':
      return { html: html`${node.text}`, text: node.text };
    case 'code':
      return { html: html`<code>${node.text}</code>`, text: node.text };
    case 'break':
      return { html: html`<br />`, text: '\n' };
    case 'value': {
      const text = valueText(writing.data.values[node.id], writing.format);
      return { html: html`${text}`, text };
    }
    case 'link':
    case 'strong':
    case 'emphasis': {
      const children = node.children.map((one) => inlinePart(one, writing));
      const inner = html`${children.map((part) => part.html)}`;
      const text = children.map((part) => part.text).join('');
      if (node.type === 'link')
        return { html: /^https?:/.test(node.url) ? link(node.url, text) : inner, text };
      return {
        html: node.type === 'strong' ? html`<strong>${inner}</strong>` : html`<em>${inner}</em>`,
        text,
      };
    }
  }
}

function valueText(answer: ValueAnswer | undefined, format: MessageFormat): string {
  if (answer === undefined || 'problem' in answer) return '–';
  if ('comparison' in answer) return comparisonText(answer.comparison, answer.unit, format);
  return format.cell(answer.value, { type: answer.type, unit: answer.unit });
}

function comparisonText(comparison: AnswerComparison, unit: string, format: MessageFormat): string {
  const against = say(format.language, `against_${comparison.kind}`);
  return comparison.change === null ? `${against} –` : `${against} ${format.change(comparison.change, unit)}`;
}

function blockPart(kind: string, answer: BlockAnswer, writing: Writing): Part {
  if (answer.numbers.length > 0) return numbersPart(answer, writing);
  const table = tablePart(answer, writing);
  const picture =
    kind === 'line' || kind === 'bar' || kind === 'stacked'
      ? seriesPicture(answer, {
          format: writing.format,
          words: { language: writing.format.language, labels: writing.data.labels },
        })
      : undefined;
  return picture === undefined ? table : { html: picture, text: table.text };
}

function numbersPart({ numbers }: BlockAnswer, { format }: Writing): Part {
  const shown = numbers.map((number) => ({
    name: title(number.title, format.language),
    value: format.value(number.value, number.unit),
    compared: number.comparisons.map((one) => comparisonText(one, number.unit, format)).join(' · '),
  }));
  const cells = shown.map(
    ({ name, value, compared }) =>
      html`<td style="vertical-align:top;padding:0 16px 8px 0">
        <div style="font-size:12px;color:${colours.muted}">${name}</div>
        <div style="font-size:22px;line-height:1.3">${value}</div>
        <div style="font-size:12px;color:${colours.muted}">${compared}</div>
      </td>`,
  );
  return {
    html: html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:12px 0">
      <tr>
        ${cells}
      </tr>
    </table>`,
    text: shown.map(({ name, value, compared }) => `${name}: ${value} (${compared})`).join('\n'),
  };
}

function tablePart(whole: BlockAnswer, { data, format }: Writing): Part {
  const { language } = format;
  const answer = answerIn(whole, language);
  if (answer.rows.length === 0) {
    const text = say(language, 'empty');
    return { html: remark(text), text };
  }
  const words = { language, labels: data.labels };
  const columns = answer.columns.slice(0, columnsMax);
  const rightOf = (place: number): string => (columns[place]?.type === 'number' ? 'right' : 'left');
  const cellsOf = (row: readonly (string | number | boolean | null)[]): readonly string[] =>
    labelled(answer.columns, row, words)
      .slice(0, columnsMax)
      .map((cell, place) => format.cell(cell, columns[place] ?? { type: 'text', unit: null }));
  const rows = answer.rows.slice(-rowsMax).map(cellsOf);
  const line = (cells: readonly string[], style: string): Html =>
    html`<tr>
      ${cells.map((cell, place) => html`<td style="padding:5px 8px 5px 0;${{ html: style }};text-align:${rightOf(place)}">${cell}</td>`)}
    </tr>`;
  const heads = columns.map((column) => headOf(column, words));
  const headOfColumn = (head: string, place: number): Html => {
    const style = `padding:4px 8px 4px 0;font-size:12px;font-weight:400;color:${colours.muted}`;
    const lines = `text-align:${rightOf(place)};border-bottom:1px solid ${colours.ink}`;
    return html`<th style="${style};${lines}">${head}</th>`;
  };
  const more = answer.rows.length - rows.length;
  const total = answer.total === null ? [] : [[say(language, 'total'), ...cellsOf(answer.total).slice(1)]];
  return {
    html: html`<table
        width="100%"
        cellpadding="0"
        cellspacing="0"
        style="border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums"
      >
        <tr>
          ${heads.map(headOfColumn)}
        </tr>
        ${rows.map((row) => line(row, `border-bottom:1px solid ${colours.line}`))}${total.map((row) => line(row, 'font-weight:600'))}
      </table>
      ${more > 0 ? [remark(say(language, 'not_all_rows', { count: more }))] : []}`,
    text: [heads, ...rows, ...total].map((row) => row.join('\t')).join('\n'),
  };
}

const columnsMax = 8;
const rowsMax = 31;
