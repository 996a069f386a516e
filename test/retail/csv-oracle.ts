import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A sale line as the stated rules leave it, with what was cancelled of it. */
export interface OracleLine {
  readonly day: string;
  readonly invoice: string;
  readonly item: string;
  readonly customer: string;
  readonly copies: number;
  readonly pence: number;
  readonly at: string;
  cancelled: number;
}

export interface Oracle {
  readonly classes: ReadonlyMap<string, number>;
  readonly rows: number;
  readonly withoutCustomer: number;
  readonly sales: readonly OracleLine[];
}

interface Row {
  readonly cells: readonly string[];
  readonly day: string;
}

/**
 * The stated rules of examples/online-retail, a second time and in another way: plain code over the CSV
 * text, no SQL, no engine. Cancellations up to `through` are matched with a stack for each customer,
 * product and number of pieces; what finds none is spread over the newest sales.
 */
export function readOracle(folder: string, through: string): Oracle {
  const rows = readdirSync(folder)
    .filter((name) => name.endsWith('.csv') && name.slice(0, 10) <= through)
    .toSorted()
    .flatMap((name) => readRows(join(folder, name)));
  const classes = new Map<string, number>();
  const seen = new Set<string>();
  const sales: OracleLine[] = [];
  const cancels: OracleLine[] = [];
  let withoutCustomer = 0;
  for (const row of rows) {
    const [invoice = '', code = '', , quantity = '', at = '', price = '', customer = ''] = row.cells;
    const key = row.cells.join('\u0000');
    const kind = classOf({
      duplicate: seen.has(key),
      invoice,
      code,
      quantity: Number(quantity),
      price: Number(price),
    });
    seen.add(key);
    classes.set(kind, (classes.get(kind) ?? 0) + 1);
    const line: OracleLine = {
      day: row.day,
      invoice,
      item: code.toUpperCase(),
      customer: customer.replace('.0', ''),
      copies: Math.abs(Number(quantity)),
      pence: Math.round(Number(price) * 1000),
      at,
      cancelled: 0,
    };
    if ((kind === 'sale' || kind === 'free') && customer === '') withoutCustomer += 1;
    if (kind === 'sale') sales.push(line);
    if (kind === 'cancellation') cancels.push(line);
  }
  cancel(sales, cancels);
  return { classes, rows: rows.length, withoutCustomer, sales };
}

function classOf(row: {
  readonly duplicate: boolean;
  readonly invoice: string;
  readonly code: string;
  readonly quantity: number;
  readonly price: number;
}): string {
  if (row.duplicate) return 'duplicate';
  if (!/^\d{5}[a-z]{0,2}$/i.test(row.code)) return 'not_product';
  if (row.invoice.startsWith('C')) return 'cancellation';
  if (row.invoice.startsWith('A') || row.quantity <= 0) return 'adjustment';
  return row.price <= 0 ? 'free' : 'sale';
}

function cancel(sales: readonly OracleLine[], cancels: readonly OracleLine[]): void {
  const stacks = new Map<string, OracleLine[]>();
  const taken = new Set<OracleLine>();
  const open: OracleLine[] = [];
  const events = [
    ...sales.map((line) => ({ line, sale: true })),
    ...cancels.map((line) => ({ line, sale: false })),
  ]
    .filter(({ line }) => line.customer !== '')
    .toSorted((a, b) => compare(a.line.at, b.line.at) || Number(b.sale) - Number(a.sale));
  for (const { line, sale } of events) {
    const key = `${line.customer} ${line.item} ${line.copies}`;
    const stack = stacks.get(key) ?? [];
    stacks.set(key, stack);
    if (sale) stack.push(line);
    else {
      const match = stack.pop();
      if (match === undefined) open.push(line);
      else {
        match.cancelled += line.copies;
        taken.add(match);
      }
    }
  }
  for (const line of open) {
    let left = line.copies;
    const earlier = sales
      .filter(
        (sale) =>
          sale.customer === line.customer &&
          sale.item === line.item &&
          sale.at <= line.at &&
          !taken.has(sale),
      )
      .toReversed();
    for (const sale of earlier) {
      const part = Math.min(left, sale.copies);
      sale.cancelled += part;
      left -= part;
      if (left === 0) break;
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function readRows(path: string): readonly Row[] {
  const day = path.slice(-14, -4);
  return parseCsv(readFileSync(path, 'utf8'))
    .slice(1)
    .map((cells) => ({ cells, day }));
}

/** RFC 4180 in twenty lines: quotes, doubled quotes, line breaks inside quotes. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ',') {
      row.push(cell);
      cell = '';
    } else if (letter === '\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else if (letter !== '\r') cell += letter;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}
