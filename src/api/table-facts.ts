import { relative } from 'node:path';
import {
  errorCodes,
  hasCode,
  OctavoError,
  suggestion,
  toOctavoError,
  type BusinessDay,
} from '../base/index.ts';
import type { Task } from '../batch/index.ts';
import {
  currentSchema,
  currentSnapshot,
  dayOfFile,
  defaultSpec,
  localPath,
  parseTableName,
  personalColumns,
  tableName,
  type DataFile,
  type IcebergType,
  type LoadedTable,
  type Snapshot,
  type TableId,
  type Warehouse,
} from '../warehouse/index.ts';
import { columnTexts } from './column-texts.ts';
import { lineageOf } from './lineage.ts';
import type { TableDetail, TableSummary } from './table-schemas.ts';

/** What the tables’ facts are read from: catalogue, manifests, and the tasks that make them. */
export interface TableSources {
  readonly warehouse: Warehouse;
  readonly tasks: readonly Task[];
}

type Files = readonly { readonly file: DataFile; readonly day: BusinessDay | undefined }[];

const [daysMax, snapshotsMax, filesMax] = [400, 100, 50];
/** What a snapshot says of itself in fields of its own. */
const ownWords = /^(operation|(added|deleted|total|removed|changed)-.*)$/;

/** Reads tables; what is read of one is kept until its metadata changes. */
export class TableFacts {
  readonly #sources: TableSources;
  readonly #kept = new Map<string, { readonly location: string; readonly files: Files }>();

  constructor(sources: TableSources) {
    this.#sources = sources;
  }

  /** Every table by name; a damaged one is told as such. */
  async list(): Promise<TableSummary[]> {
    const { catalog } = this.#sources.warehouse;
    const ids = await Promise.all((await catalog.namespaces()).map((namespace) => catalog.tables(namespace)));
    const summaries = await Promise.all(ids.flat().map((id) => this.#tolerant(id)));
    return summaries.toSorted((a, b) => (a.table < b.table ? -1 : 1));
  }

  /** Errors: `table_not_found` with the nearest name, `argument_invalid`, `metadata_damaged`. */
  async detail(name: string): Promise<TableDetail> {
    const { warehouse, tasks } = this.#sources;
    const table = await this.load(name);
    const { metadata } = table;
    const files = await this.#files(table);
    const personal = new Set(personalColumns(table));
    const sealed = name.startsWith('raw.') ? new Set(await warehouse.sealedDays()) : undefined;
    const byDay = daysOf(files);
    const described = columnTexts(tasks, name);
    return {
      ...this.#summary(table, files),
      location: relative(warehouse.root, localPath(metadata.location)),
      partition_by: defaultSpec(metadata).fields[0]?.name ?? null,
      schema: currentSchema(metadata).fields.map((field) => ({
        column: field.name,
        type: typeText(field.type),
        documentation: described[field.name] ?? field.doc ?? '',
        required: field.required,
        personal: personal.has(field.name),
      })),
      by_day: byDay
        .slice(0, daysMax)
        .map((one) => ({ ...one, sealed: sealed?.has(one.business_day) ?? false })),
      history: metadata.snapshots
        .toSorted((a, b) => b['sequence-number'] - a['sequence-number'])
        .slice(0, snapshotsMax)
        .map((snapshot) => snapshotOf(snapshot, metadata['current-snapshot-id'])),
      largest_files: files
        .toSorted((a, b) => b.file.sizeBytes - a.file.sizeBytes)
        .slice(0, filesMax)
        .map(({ file, day }) => ({
          file: localPath(file.path).split('/').at(-1) ?? '',
          business_day: day ?? null,
          rows: file.recordCount,
          bytes: file.sizeBytes,
          format: file.format.toLowerCase(),
        })),
      lineage: lineageOf(name, tasks),
    };
  }

  /** Errors: `table_not_found` with the nearest name, `argument_invalid`, `metadata_damaged`. */
  async load(name: string): Promise<LoadedTable> {
    const { catalog } = this.#sources.warehouse;
    try {
      return await catalog.load(parseTableName(name));
    } catch (error) {
      if (!hasCode(error, 'table_not_found') && !hasCode(error, 'namespace_not_found')) throw error;
      const known = await Promise.all(
        (await catalog.namespaces()).map((namespace) => catalog.tables(namespace)),
      );
      const near = suggestion(name, known.flat().map(tableName));
      throw new OctavoError('table_not_found', `'${name}'${near}`, { cause: error });
    }
  }

  /** The newest day that has rows; undefined for a table without days. */
  async newestDay(table: LoadedTable): Promise<BusinessDay | undefined> {
    return daysOf(await this.#files(table)).find(({ rows }) => rows > 0)?.business_day;
  }

  async #tolerant(id: TableId): Promise<TableSummary> {
    try {
      const table = await this.#sources.warehouse.catalog.load(id);
      return this.#summary(table, await this.#files(table));
    } catch (thrown) {
      const { code, message } = toOctavoError(thrown);
      const nothing = { rows: 0, bytes: 0, files: 0, columns: 0, personal: 0, days: null, snapshots: 0 };
      const problem = { code, message, hint: errorCodes[code].hint };
      return { ...this.#named(id), ...nothing, changed_at: null, problem };
    }
  }

  #named(id: TableId): Pick<TableSummary, 'table' | 'namespace' | 'description' | 'made_by'> {
    const table = tableName(id);
    const makers = this.#sources.tasks.filter(({ lineage }) => lineage?.makes.includes(table) === true);
    const [first] = makers;
    return {
      table,
      namespace: id.namespace,
      description: first?.description ?? '',
      made_by: makers.map(({ name }) => name),
    };
  }

  #summary(table: LoadedTable, files: Files): TableSummary {
    const { metadata } = table;
    const current = currentSnapshot(metadata);
    const days = daysOf(files);
    const [last, first] = [days[0], days.at(-1)];
    return {
      ...this.#named(table.id),
      rows: files.reduce((sum, { file }) => sum + file.recordCount, 0),
      bytes: files.reduce((sum, { file }) => sum + file.sizeBytes, 0),
      files: files.length,
      columns: currentSchema(metadata).fields.length,
      personal: personalColumns(table).length,
      days:
        last === undefined || first === undefined
          ? null
          : { count: days.length, first: first.business_day, last: last.business_day },
      snapshots: metadata.snapshots.length,
      changed_at: current === undefined ? null : new Date(current['timestamp-ms']).toISOString(),
      problem: null,
    };
  }

  async #files(table: LoadedTable): Promise<Files> {
    const name = tableName(table.id);
    const known = this.#kept.get(name);
    if (known?.location === table.metadataLocation) return known.files;
    const plan = await this.#sources.warehouse.planScan(table);
    const spec = defaultSpec(table.metadata);
    const files = plan.files.map((file) => ({ file, day: dayOfFile(file, spec) }));
    this.#kept.set(name, { location: table.metadataLocation, files });
    return files;
  }
}

/** A type as one reads it: `list<struct<item_id: string, count: int>>`. */
function typeText(type: IcebergType): string {
  if (typeof type === 'string') return type;
  if (type.type === 'list') return `list<${typeText(type.element)}>`;
  if (type.type === 'map') return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
  return `struct<${type.fields.map(({ name, type: inner }) => `${name}: ${typeText(inner)}`).join(', ')}>`;
}

/** Rows and bytes by business day, newest first. */
function daysOf(files: Files): readonly Omit<TableDetail['by_day'][number], 'sealed'>[] {
  return [...Map.groupBy(files, ({ day }) => day)]
    .flatMap(([day, ofDay]) =>
      day === undefined
        ? []
        : [
            {
              business_day: day,
              rows: ofDay.reduce((sum, { file }) => sum + file.recordCount, 0),
              bytes: ofDay.reduce((sum, { file }) => sum + file.sizeBytes, 0),
              files: ofDay.length,
            },
          ],
    )
    .toSorted((a, b) => (a.business_day < b.business_day ? 1 : -1));
}

function snapshotOf(snapshot: Snapshot, current: bigint | undefined): TableDetail['history'][number] {
  const { summary } = snapshot;
  const number = (name: string): number => Number(summary[name] ?? 0);
  return {
    snapshot: String(snapshot['snapshot-id']),
    at: new Date(snapshot['timestamp-ms']).toISOString(),
    operation: summary.operation,
    added_rows: number('added-records'),
    removed_rows: number('deleted-records'),
    rows: number('total-records'),
    files: number('total-data-files'),
    current: snapshot['snapshot-id'] === current,
    summary: Object.fromEntries(Object.entries(summary).filter(([name]) => !ownWords.test(name))),
  };
}
