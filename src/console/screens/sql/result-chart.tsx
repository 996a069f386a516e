import { getRouteApi } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { QueryRows } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Chart } from '../../parts/chart.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Select } from '../../parts/select.tsx';
import { isNumberType } from './column-stats.ts';
import { messages } from './messages.ts';
import { writeValue } from './result-grid.tsx';
import type { SqlSearch } from './route.ts';
import { chartChoice, chartKinds, chartOfRows } from './rows-chart.ts';

const route = getRouteApi('/sql');
const nothing = '';

/** The rows as a picture; what is drawn stands in the address. */
export function ResultChart({ answer }: { readonly answer: QueryRows }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { kind, x, y, by } = route.useSearch();
  const navigate = route.useNavigate();
  const choice = useMemo(() => chartChoice(answer, { kind, x, y, by }), [answer, kind, x, y, by]);
  const drawn = useMemo(() => {
    if (choice === undefined) return undefined;
    const types = new Map(answer.columns.map((column) => [column.name, column.type]));
    return chartOfRows(answer, choice, (value, column) => writeValue(value, types.get(column) ?? '', format));
  }, [answer, choice, format]);
  if (choice === undefined || drawn === undefined) return <Empty what={say('noNumbers')} />;
  const choose = (chosen: Partial<SqlSearch>): void =>
    void navigate({ search: (before: SqlSearch) => ({ ...before, ...chosen }), replace: true });
  const names = answer.columns.map(({ name }) => ({ value: name, label: name }));
  const numbers = answer.columns.filter(({ type }) => isNumberType(type));
  const { spec, labels, series, summed } = drawn;
  const notes = [
    ...(labels > spec.labels.length ? [say('labelsCut', { count: spec.labels.length, total: labels })] : []),
    ...(series > spec.series.length ? [say('seriesCut', { count: spec.series.length, total: series })] : []),
    ...(summed ? [say('summed')] : []),
  ];
  return (
    <>
      <div className="row sql-choices no-print">
        <Select
          label={say('kind')}
          value={choice.kind}
          options={chartKinds.map((value) => ({ value, label: say(value) }))}
          onChange={(value) => choose({ kind: value })}
        />
        <Select
          label={say('across')}
          value={choice.x}
          options={names}
          onChange={(value) => choose({ x: value })}
        />
        <Select
          label={say('value')}
          value={choice.y}
          options={numbers.map(({ name }) => ({ value: name, label: name }))}
          onChange={(value) => choose({ y: value })}
        />
        <Select
          label={say('by')}
          value={choice.by ?? nothing}
          options={[{ value: nothing, label: say('whole') }, ...names]}
          onChange={(value) => choose({ by: value === nothing ? undefined : value } as Partial<SqlSearch>)}
        />
      </div>
      <Chart
        title={say('chartTitle', { x: choice.x, y: choice.y })}
        spec={spec}
        height={spec.kind === 'horizontal' ? Math.max(200, spec.labels.length * 26 + 40) : 320}
        level="h3"
      />
      {notes.length === 0 ? null : <p className="small sql-note">{notes.join(' ')}</p>}
    </>
  );
}
