import { Type, type Static } from '@sinclair/typebox';
import { Text } from '../base/index.ts';
import { Day, Nullable } from './schemas.ts';

const Instant = (description: string) => Type.String({ format: 'date-time', description });
const Bytes = Type.Integer({ description: 'bytes of its data files' });

/** A table as the index names it. */
export const TableSummary = Type.Object(
  {
    table: Type.String({ description: '`namespace.name`' }),
    namespace: Type.String(),
    description: Type.Unsafe<Text>({
      ...Text,
      description: 'of the task that makes it; by language where it has several',
    }),
    made_by: Type.Array(Type.String(), { description: 'tasks' }),
    rows: Type.Integer(),
    bytes: Bytes,
    files: Type.Integer(),
    columns: Type.Integer(),
    personal: Type.Integer({ description: 'how many columns hold personal data' }),
    days: Nullable(
      Type.Object(
        { count: Type.Integer(), first: Day, last: Day },
        { description: 'null for a table without days' },
      ),
    ),
    snapshots: Type.Integer(),
    changed_at: Nullable(Instant('of its current contents')),
    problem: Nullable(
      Type.Object(
        { code: Type.String(), message: Type.String(), hint: Type.String() },
        { description: 'why it cannot be read' },
      ),
    ),
  },
  { title: 'TableSummary' },
);
export const TableList = Type.Object(
  { tables: Type.Array(TableSummary) },
  { title: 'TableList', description: 'every table, by name' },
);

/** Everything of a table but its rows. */
export const TableDetail = Type.Composite(
  [
    TableSummary,
    Type.Object({
      location: Type.String({ description: 'its folder below the data folder' }),
      partition_by: Nullable(Type.String()),
      schema: Type.Array(
        Type.Object(
          {
            column: Type.String(),
            type: Type.String(),
            documentation: Text,
            required: Type.Boolean(),
            personal: Type.Boolean({ description: 'holds personal data' }),
          },
          { title: 'TableColumn' },
        ),
      ),
      by_day: Type.Array(
        Type.Object(
          {
            business_day: Day,
            rows: Type.Integer(),
            bytes: Bytes,
            files: Type.Integer(),
            sealed: Type.Boolean({ description: 'it never changes again' }),
          },
          { title: 'TableDay' },
        ),
        { description: 'newest first, at most 400' },
      ),
      history: Type.Array(
        Type.Object(
          {
            snapshot: Type.String({ description: 'a 64-bit id, as text' }),
            at: Instant('when it was committed'),
            operation: Type.String({ description: 'append, replace, overwrite or delete' }),
            added_rows: Type.Integer(),
            removed_rows: Type.Integer(),
            rows: Type.Integer(),
            files: Type.Integer(),
            current: Type.Boolean(),
            summary: Type.Record(Type.String(), Type.String(), {
              description: 'what its writer said beside that',
            }),
          },
          { title: 'TableSnapshot' },
        ),
        { description: 'newest first, at most 100; older ones expire' },
      ),
      largest_files: Type.Array(
        Type.Object(
          {
            file: Type.String(),
            business_day: Nullable(Day),
            rows: Type.Integer(),
            bytes: Bytes,
            format: Type.String(),
          },
          { title: 'TableFile' },
        ),
        { description: 'at most 50' },
      ),
      lineage: Type.Array(
        Type.Object(
          {
            name: Type.String({ description: 'a table, or `kind:name` outside of the warehouse' }),
            from: Type.Array(Type.String(), { description: 'what it is made of, of what stands here' }),
            tasks: Type.Array(Type.String(), { description: 'that make it' }),
          },
          { title: 'LineageNode' },
        ),
        { description: 'all it is made of and all that is made from it, nearer to the sources first' },
      ),
    }),
  ],
  { title: 'TableDetail', description: 'schema, days, snapshots, files, lineage' },
);

/** Some rows. */
export const TablePreview = Type.Object(
  {
    business_day: Nullable(Day),
    columns: Type.Array(
      Type.Object({
        name: Type.String(),
        type: Type.String(),
        hidden: Type.Boolean({ description: 'personal' }),
      }),
    ),
    rows: Type.Array(Type.Array(Type.Unknown()), { description: 'values in the order of the columns' }),
    truncated: Type.Boolean(),
  },
  { title: 'TablePreview', description: 'some rows, personal columns null' },
);

export type TableSummary = Static<typeof TableSummary>;
export type TableList = Static<typeof TableList>;
export type TableDetail = Static<typeof TableDetail>;
export type TablePreview = Static<typeof TablePreview>;
