import { join } from 'node:path';
import { uuidv7, type AppendFile } from '../../base/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteText } from '../duckdb/types.ts';
import type { DataFileInput } from '../iceberg/data-file.ts';
import type { Schema } from '../iceberg/metadata.ts';
import { createSchema } from '../iceberg/schema.ts';
import { filesSelect } from '../table-view.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { castList, selectedColumns } from '../write-columns.ts';
import { writeFile } from '../write-files.ts';
import { makeRows, type LinesFile } from './lines-file.ts';
import type { LoadedColumn } from './loaded-column.ts';
import type { RowLines } from './row-lines.ts';

/** Rows that were staged, as the relation `incoming` of a session. */
export interface StagedRows {
  /** How many values have no counterpart and became null, by column. */
  readonly unfit: Readonly<Record<string, number>>;
  /** Where they are data files already, which a table of this schema can take as they are. */
  readonly stored?: { readonly schema: Schema; readonly files: readonly DataFileInput[] };
}

/**
 * Rows on their way into the warehouse: files of their lines. When there are many, those that came are made into data files
 * while others still come, so that memory holds a part of them at a time and disk a few.
 */
export interface RowStage {
  readonly rowCount: number;
  /** Errors: `source_value_unfit`, of rows that came before. */
  add(lines: RowLines | undefined): Promise<void>;
  /** Waits for what is made of the rows that came, so that whoever loads them needs no second process of the engine. */
  settled(): Promise<void>;
  /** Makes the view `incoming` of the rows. Errors: `source_value_unfit`. */
  load(session: DuckdbSession): Promise<StagedRows>;
  remove(): Promise<void>;
}

/** What is staged. */
export interface StageOptions {
  readonly columns: readonly LoadedColumn[];
  /** The table they become rows of, for messages. */
  readonly about: string;
  /** Nothing will be compared with them, so that they become data files however few they are. Default false. */
  readonly isFirst?: boolean;
  readonly signal?: AbortSignal;
}

/** Bytes of lines that become one data file: few at first, so that the engine begins early; its memory grows with them. */
const partBytes = { first: 16 * 1024 * 1024, most: 64 * 1024 * 1024 } as const;

/** Parts that may wait for a process of the engine; then the shop waits too. */
const partsWaitingMax = 8;

/** Opens an empty stage in the engine's scratch folder. */
export async function openRowStage(warehouse: Warehouse, options: StageOptions): Promise<RowStage> {
  const stage = new Stage(warehouse, options);
  await stage.open();
  return stage;
}

class Stage implements RowStage {
  rowCount = 0;
  readonly #warehouse: Warehouse;
  readonly #options: StageOptions;
  readonly #schema: Schema;
  readonly #unfit: Record<string, number> = {};
  #files: readonly DataFileInput[] = [];
  /** The lines that come now. */
  #path = '';
  #file: AppendFile | undefined;
  #bytes = 0;
  #rows = 0;
  #longest = 0;
  #allBytes = 0;
  /** The parts that are made into data files, one after the other. */
  #making: Promise<void> = Promise.resolve();
  #waiting: readonly Promise<void>[] = [];
  #failure: { readonly cause: unknown } | undefined;
  #isRemoved = false;

  constructor(warehouse: Warehouse, options: StageOptions) {
    this.#warehouse = warehouse;
    this.#options = options;
    this.#schema = createSchema(selectedColumns(this.#selected, []));
  }

  async open(): Promise<void> {
    const { storage, clock, random } = this.#warehouse.context;
    const name = uuidv7({ nowMs: clock.now(), next: () => random.next() });
    this.#path = join(this.#warehouse.engine.scratch, `${name}.csv`);
    this.#file = await storage.append(this.#path);
    [this.#bytes, this.#rows, this.#longest] = [0, 0, 0];
  }

  async add(lines: RowLines | undefined): Promise<void> {
    if (lines === undefined) return;
    if (this.#failure !== undefined) throw this.#failure.cause;
    await this.#file?.append(lines.bytes);
    this.#bytes += lines.bytes.length;
    this.#allBytes += lines.bytes.length;
    if (lines.longestBytes > this.#longest) this.#longest = lines.longestBytes;
    this.#rows += lines.rowCount;
    this.rowCount += lines.rowCount;
    const least = this.#options.isFirst === true ? partBytes.first : partBytes.most;
    if (this.#bytes < Math.min(partBytes.most, Math.max(least, this.#allBytes / 4))) return;
    this.#makeLater(await this.#closeLines());
    await this.open();
    // While they are made the shop fills the next ones, and then waits.
    if (this.#waiting.length <= partsWaitingMax) return;
    const [longest, ...others] = this.#waiting;
    this.#waiting = others;
    await longest;
  }

  async settled(): Promise<void> {
    await this.#making;
  }

  async load(session: DuckdbSession): Promise<StagedRows> {
    const part = await this.#closeLines();
    await this.#making;
    const isStored = this.rowCount > 0 && (this.#options.isFirst === true || this.#files.length > 0);
    if (!isStored) {
      const unfit = await makeRows(session, part, async (select) => {
        await session.run(
          `create or replace temp table octavo_incoming as ${select};
            create or replace temp view incoming as select * from octavo_incoming`,
        );
        return 'incoming';
      });
      await this.#removeLines(part);
      return { unfit };
    }
    if (this.#bytes > 0) await this.#makeFile(session, part);
    else await this.#removeLines(part);
    const paths = this.#files.map(({ path }) => path);
    await session.run(`create or replace temp view incoming as ${filesSelect(this.#schema, paths)}`);
    return { unfit: this.#unfit, stored: { schema: this.#schema, files: this.#files } };
  }

  async remove(): Promise<void> {
    const { storage } = this.#warehouse.context;
    this.#isRemoved = true;
    await this.#file?.close().catch(() => undefined);
    await this.#making.catch(() => undefined);
    for (const path of [this.#path, ...this.#files.map((file) => file.path)])
      await storage.remove(path).catch(() => undefined);
  }

  /** The columns as the engine gives them. */
  get #selected(): readonly { readonly name: string; readonly type: string }[] {
    return this.#options.columns.map(({ source, type }) => ({ name: source.name, type }));
  }

  async #closeLines(): Promise<LinesFile> {
    await this.#file?.close();
    this.#file = undefined;
    const { columns, about } = this.#options;
    return { path: this.#path, rowCount: this.#rows, longestBytes: this.#longest, columns, about };
  }

  /** Makes a data file of a part when those before are made. */
  #makeLater(part: LinesFile): void {
    this.#making = this.#makePart(part, this.#making);
    // It is waited for later.
    this.#making.catch((cause: unknown) => {
      this.#failure ??= { cause };
    });
    this.#waiting = [...this.#waiting, this.#making];
  }

  /** However it ends, even before it begins, the part's lines are removed. */
  async #makePart(part: LinesFile, before: Promise<void>): Promise<void> {
    const { signal } = this.#options;
    try {
      await before;
      if (this.#isRemoved) return;
      await this.#warehouse.engine.session(
        (session) => this.#makeFile(session, part),
        signal === undefined ? {} : { signal },
      );
    } finally {
      await this.#removeLines(part);
    }
  }

  async #makeFile(session: DuckdbSession, lines: LinesFile): Promise<void> {
    const { context, engine } = this.#warehouse;
    try {
      const unfit = await makeRows(session, lines, async (select) => {
        const file = await writeFile(session, context, {
          select: `select ${castList(this.#schema, this.#selected)} from (${select})`,
          schema: this.#schema,
          folder: engine.scratch,
        });
        this.#files = [...this.#files, file];
        return `read_parquet(${quoteText(file.path)})`;
      });
      for (const [column, count] of Object.entries(unfit))
        this.#unfit[column] = (this.#unfit[column] ?? 0) + count;
    } finally {
      await this.#removeLines(lines);
    }
  }

  async #removeLines({ path }: LinesFile): Promise<void> {
    await this.#warehouse.context.storage.remove(path).catch(() => undefined);
  }
}
