import { zip } from './zip.ts';

/** A cell of a sheet; days are `{ day }` and become dates of the program. */
export type SheetCell = string | number | boolean | null | { readonly day: string };

/** One sheet of a workbook. */
export interface Sheet {
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
  /** By column: `share` is shown in percent. */
  readonly formats: readonly ('share' | 'plain')[];
}

const sheetNameMax = 31;
const style = { plain: 0, head: 1, day: 2, number: 3, share: 4, fraction: 5 } as const;
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/**
 * A workbook as spreadsheet programs read it (ECMA-376): texts as they are, numbers and days with their
 * types, a bold head that stays in sight. Texts are never formulas.
 */
export function toXlsx(sheets: readonly Sheet[]): Buffer {
  const names = uniqueNames(sheets.map(({ name }) => name));
  return zip([
    { name: '[Content_Types].xml', content: contentTypes(sheets.length) },
    {
      name: '_rels/.rels',
      content: `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      content: `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names
        .map((name, index) => `<sheet name="${escape(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
        .join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', content: workbookRelations(sheets.length) },
    { name: 'xl/styles.xml', content: styles },
    ...sheets.map((sheet, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      content: sheetXml(sheet),
    })),
  ]);
}

function sheetXml({ head, rows, formats }: Sheet): string {
  const widths = head.map((text, place) => {
    const longest = rows
      .slice(0, 200)
      .reduce((most, row) => Math.max(most, widthOf(row[place] ?? null)), widthOf(text));
    return `<col min="${place + 1}" max="${place + 1}" width="${Math.min(60, longest + 2)}" customWidth="1"/>`;
  });
  const lines = [
    row(
      1,
      head.map((text, place) => textCell(reference(place, 1), text, style.head)),
    ),
    ...rows.map((cells, index) =>
      row(
        index + 2,
        cells.map((cell, place) => cellXml(reference(place, index + 2), cell, formats[place] ?? 'plain')),
      ),
    ),
  ];
  return `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${
    head.length === 0 ? '' : `<cols>${widths.join('')}</cols>`
  }<sheetData>${lines.join('')}</sheetData></worksheet>`;
}

function row(number: number, cells: readonly string[]): string {
  return `<row r="${number}">${cells.join('')}</row>`;
}

function cellXml(at: string, cell: SheetCell, format: Sheet['formats'][number]): string {
  if (cell === null) return '';
  if (typeof cell === 'number') {
    const look = format === 'share' ? style.share : Number.isInteger(cell) ? style.number : style.fraction;
    return `<c r="${at}" s="${look}"><v>${cell}</v></c>`;
  }
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === 'string') return textCell(at, cell, style.plain);
  return `<c r="${at}" s="${style.day}"><v>${serialOf(cell.day)}</v></c>`;
}

function textCell(at: string, text: string, look: number): string {
  return `<c r="${at}" s="${look}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;
}

/** Days since 30 December 1899. */
function serialOf(day: string): number {
  const first = Temporal.PlainDate.from('1899-12-30');
  return first.until(Temporal.PlainDate.from(day), { largestUnit: 'day' }).days;
}

function reference(place: number, line: number): string {
  let name = '';
  for (let rest = place + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return `${name}${line}`;
}

/** Korean letters are two wide. */
function widthOf(cell: SheetCell): number {
  if (cell === null) return 0;
  if (typeof cell === 'object') return 10;
  if (typeof cell === 'number') return cell.toLocaleString('en').length;
  return Array.from(String(cell)).reduce(
    (sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x1100 ? 2 : 1),
    0,
  );
}

function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const plain =
      name
        .replace(/[[\]:*?/\\]/g, ' ')
        .trim()
        .slice(0, sheetNameMax) || `Sheet ${index + 1}`;
    let unique = plain;
    for (let number = 2; taken.has(unique.toLowerCase()); number++) {
      const end = ` ${number}`;
      unique = plain.slice(0, sheetNameMax - end.length) + end;
    }
    taken.add(unique.toLowerCase());
    return unique;
  });
}

function escape(text: string): string {
  return Array.from(text.toWellFormed())
    .filter(isXmlCharacter)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** XML 1.0 has no control characters but tab and line breaks. */
function isXmlCharacter(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return code >= 0x20 ? code !== 0xfffe && code !== 0xffff : code === 0x9 || code === 0xa || code === 0xd;
}

function contentTypes(sheets: number): string {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const parts = Array.from(
    { length: sheets },
    (_, index) =>
      `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${type}.worksheet+xml"/>`,
  );
  return `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${parts.join('')}</Types>`;
}

function workbookRelations(sheets: number): string {
  const parts = Array.from(
    { length: sheets },
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${office}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  return `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${parts.join('')}<Relationship Id="rId${sheets + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`;
}

const styles = `${xml}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="#,##0.######"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="3" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
