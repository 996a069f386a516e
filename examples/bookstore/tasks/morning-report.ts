import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineTask, type Platform } from 'octavo';

/** Writes the day's numbers for the morning meeting as `reports/<day>.md` in the data folder. */
export default ({ warehouse, dataFolder }: Platform) => {
  const fileOf = (day: string) => join(dataFolder, 'reports', `${day}.md`);
  return defineTask({
    name: 'morning-report',
    description: { en: 'the day’s sales by kind, as Markdown', ko: '그날의 종류별 매출, Markdown으로' },
    parameters: { day: 'day' },
    daily: true,
    needs: ({ day }) => [{ task: 'model:sale_lines', parameters: { day } }],
    target: ({ day }) => ({
      description: `report of ${day}`,
      exists: () =>
        stat(fileOf(day)).then(
          () => true,
          () => false,
        ),
    }),
    run: async ({ parameters: { day } }) => {
      const { rows } = await warehouse.query(
        `select kind, cast(sum(copies) as bigint) as copies, cast(sum(paid) as bigint) as paid
         from model.sale_lines where business_day = $day::date group by kind order by kind`,
        { parameters: { day } },
      );
      const lines = rows.map(
        (row: Readonly<Record<string, unknown>>) =>
          `| ${String(row.kind)} | ${String(row.copies)} | ${String(row.paid)} |`,
      );
      const text = [`# ${day}`, '', '| kind | copies | paid (KRW) |', '|---|--:|--:|', ...lines, ''].join(
        '\n',
      );
      await mkdir(join(dataFolder, 'reports'), { recursive: true });
      await writeFile(`${fileOf(day)}.part`, text);
      await rename(`${fileOf(day)}.part`, fileOf(day));
    },
  });
};
