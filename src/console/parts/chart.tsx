import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { csvOf } from '../data/csv.ts';
import { saveFile } from '../data/save-file.ts';
import { useFormat, useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { themeEvent } from '../theme/theme.ts';
import { IconButton } from './button.tsx';
import type { DrawnChart } from './chart-engine.ts';
import { chartRows, type ChartSpec } from './chart-spec.ts';
import { Menu } from './menu.tsx';
import './chart.css';

const messages = defineMessages({
  asTable: { ko: '표로 보기', en: 'as a table' },
  asChart: { ko: '그림으로 보기', en: 'as a chart' },
  export: { ko: '내보내기', en: 'Export' },
  keys: { ko: '화살표 키로 값을 읽습니다', en: 'arrow keys read the values' },
});

/**
 * A chart with its title, its table twin, and PNG, SVG, CSV. The engine is loaded when the first one is
 * shown.
 */
export function Chart({
  title,
  spec,
  height = 260,
  level: Heading = 'h2',
}: {
  readonly title: string;
  readonly spec: ChartSpec;
  readonly height?: number;
  readonly level?: 'h2' | 'h3';
}): ReactNode {
  const say = useText(messages);
  const [table, setTable] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const drawn = useChart(place, spec, !table);
  const name = useId();
  const file = title.replace(/[^\p{L}\p{N}]+/gu, '-');
  const save = async (kind: 'png' | 'svg' | 'csv'): Promise<void> => {
    const { head, rows } = chartRows(spec);
    if (kind === 'csv') return saveFile(`${file}.csv`, csvOf(head, rows));
    const element = place.current;
    if (element === null) return undefined;
    if (kind === 'png' && drawn.current !== undefined)
      return saveFile(`${file}.png`, blobOf(drawn.current.png()));
    const { svgOf } = await import('./chart-engine.ts');
    return saveFile(`${file}.svg`, new Blob([svgOf(element, spec)], { type: 'image/svg+xml' }));
  };
  const pictures = table ? ([] as const) : (['png', 'svg'] as const);
  return (
    <figure className="chart" aria-labelledby={name}>
      <div className="sub">
        <Heading id={name}>{title}</Heading>
        <span className="more row no-print">
          <button type="button" className="chart-switch" onClick={() => setTable(!table)}>
            {say(table ? 'asChart' : 'asTable')}
          </button>
          <Menu
            trigger={<IconButton icon="export" label={`${say('export')}: ${title}`} />}
            groups={[
              {
                items: [...pictures, 'csv' as const].map((kind) => ({
                  key: kind,
                  label: kind.toUpperCase(),
                  onSelect: () => void save(kind),
                })),
              },
            ]}
          />
        </span>
      </div>
      {table ? (
        <ChartTable title={title} spec={spec} />
      ) : (
        <Canvas place={place} drawn={drawn} spec={spec} height={height} title={`${title}, ${say('keys')}`} />
      )}
    </figure>
  );
}

function Canvas({
  place,
  drawn,
  spec,
  height,
  title,
}: {
  readonly place: React.RefObject<HTMLDivElement | null>;
  readonly drawn: React.RefObject<DrawnChart | undefined>;
  readonly spec: ChartSpec;
  readonly height: number;
  readonly title: string;
}): ReactNode {
  const [at, setAt] = useState<number>();
  const format = useFormat();
  const write = spec.write ?? ((value: number) => format.number(value));
  const read = (event: KeyboardEvent): void => {
    const last = spec.labels.length - 1;
    const next = {
      ArrowRight: Math.min((at ?? -1) + 1, last),
      ArrowLeft: Math.max((at ?? last + 1) - 1, 0),
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
    drawn.current?.point(next);
  };
  const values = spec.series.map(({ name, values }) => {
    const value = at === undefined ? undefined : values[at];
    return `${name} ${value === undefined || value === null ? '–' : write(value)}`;
  });
  return (
    <>
      <div
        ref={place}
        className="chart-place"
        style={{ height }}
        role="img"
        aria-label={title}
        tabIndex={0}
        onKeyDown={read}
      />
      <div className="unseen" aria-live="polite">
        {at === undefined ? '' : `${spec.labels[at] ?? ''}: ${values.join(', ')}`}
      </div>
    </>
  );
}

function ChartTable({ title, spec }: { readonly title: string; readonly spec: ChartSpec }): ReactNode {
  const format = useFormat();
  const write = spec.write ?? ((value: number) => format.number(value));
  const { head, rows } = chartRows(spec);
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={title}>
      <table>
        <thead>
          <tr>
            {head.map((text, index) => (
              <th key={index} scope="col" className={index === 0 ? '' : 'num'}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, ...values]) => (
            <tr key={String(label)}>
              <th scope="row">{label}</th>
              {values.map((value, index) => (
                <td key={index} className="num">
                  {typeof value === 'number' ? write(value) : '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Keeps a drawing in its place: drawn anew with the data and the theme, as wide as there is room. */
function useChart(
  place: React.RefObject<HTMLDivElement | null>,
  spec: ChartSpec,
  shown: boolean,
): React.RefObject<DrawnChart | undefined> {
  const drawn = useRef<DrawnChart>(undefined);
  const latest = useRef(spec);
  latest.current = spec;
  useEffect(() => {
    const element = place.current;
    if (!shown || element === null) return undefined;
    let closed = false;
    const redraw = (): void => drawn.current?.draw(latest.current);
    const observer = new ResizeObserver(() => drawn.current?.resize());
    const begin = async (): Promise<void> => {
      const { drawChart } = await import('./chart-engine.ts');
      if (closed) return;
      drawn.current = drawChart(element, latest.current);
      observer.observe(element);
      window.addEventListener(themeEvent, redraw);
    };
    void begin();
    return () => {
      closed = true;
      observer.disconnect();
      window.removeEventListener(themeEvent, redraw);
      drawn.current?.close();
      drawn.current = undefined;
    };
  }, [place, shown]);
  useEffect(() => drawn.current?.draw(spec), [spec]);
  return drawn;
}

function blobOf(dataUrl: string): Blob {
  const bytes = Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(',') + 1)), (letter) =>
    letter.charCodeAt(0),
  );
  return new Blob([bytes], { type: 'image/png' });
}
