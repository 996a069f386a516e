import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { parseYaml, type Storage } from '../../base/index.ts';
import type { SqlValue, Warehouse } from '../../warehouse/index.ts';
import type { Annotation } from './answer.ts';
import type { OwnHoliday } from './holidays.ts';
import { Text } from './spec.ts';

const closed = { additionalProperties: false } as const;
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

const AnnotationFile = Type.Object(
  {
    annotations: Type.Optional(
      Type.Array(
        Type.Object(
          {
            day: Day,
            until: Type.Optional(Day),
            title: Text,
            metrics: Type.Optional(Type.Array(Type.String())),
          },
          closed,
        ),
      ),
    ),
    /** A table with the columns day, title_ko, title_en and, if wanted, until. */
    table: Type.Optional(
      Type.String({ pattern: '^[a-z_]\\w*\\.[a-z_]\\w*$', description: 'such as model.promotions' }),
    ),
    /** Metrics whose charts the table marks; absent: all. */
    table_metrics: Type.Optional(Type.Array(Type.String())),
    holidays: Type.Optional(Type.Array(Type.Object({ day: Day, name: Type.String() }, closed))),
    country: Type.Optional(Type.Union([Type.Literal('KR'), Type.Literal('none')])),
  },
  closed,
);

/** What a project says of single days: `pages/calendar.yaml`. */
export interface PageCalendar {
  readonly annotations: readonly Annotation[];
  readonly table: string | undefined;
  readonly tableMetrics: readonly string[] | undefined;
  readonly holidays: readonly OwnHoliday[];
  readonly country: 'KR' | 'none';
}

/** Reads `pages/calendar.yaml`; without the file there are Korea's holidays and no annotations. Errors: `page_invalid`. */
export async function loadCalendar(folder: string, storage: Storage): Promise<PageCalendar> {
  const path = join(folder, 'calendar.yaml');
  const known = (await storage.stat(path)) !== undefined;
  const text = known ? (await storage.read(path)).toString('utf8') : '';
  const file = parseYaml({ text, file: 'pages/calendar.yaml', schema: AnnotationFile, code: 'page_invalid' });
  return {
    annotations: file.annotations ?? [],
    table: file.table,
    tableMetrics: file.table_metrics,
    holidays: file.holidays ?? [],
    country: file.country ?? 'KR',
  };
}

const annotationsMax = 200;

/** The annotations of a table; none while it is not made yet. */
export async function tableAnnotations(
  warehouse: Pick<Warehouse, 'query' | 'table'>,
  table: string,
): Promise<readonly Annotation[]> {
  if ((await warehouse.table(table)) === undefined) return [];
  const { rows } = await warehouse.query(
    `select cast(day as varchar) as day, title_ko, title_en from ${table} order by day desc limit ${annotationsMax}`,
    { rowsMax: annotationsMax },
  );
  return rows.map((row) => {
    const [ko, en] = [textOf(row['title_ko']), textOf(row['title_en'])];
    return { day: textOf(row['day']), title: { ko: ko === '' ? en : ko, en: en === '' ? ko : en } };
  });
}

function textOf(value: SqlValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
