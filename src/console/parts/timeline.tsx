import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import { useFormat } from '../i18n/language.tsx';
import { placeOf, ticksOf } from './timeline-axis.ts';
import './timeline.css';

/** A task, or a part of the morning, on the axis of time. Instants are epoch milliseconds. */
export interface TimelineRow {
  readonly id: string;
  readonly label: string;
  /** Read aloud and shown on a phone in place of the bar. */
  readonly about: string;
  readonly strong?: boolean;
  /** Drawn lighter: not what the morning waits for. */
  readonly quiet?: boolean;
  readonly failed?: boolean;
  readonly startMs: number | undefined;
  /** Undefined while it runs. */
  readonly endMs: number | undefined;
  /** What is to come: of a running one its end, of a waiting one both. */
  readonly expectedStartMs?: number | undefined;
  readonly expectedEndMs?: number | undefined;
}

export interface TimelineProps {
  readonly label: string;
  readonly rows: readonly TimelineRow[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly now?: { readonly atMs: number; readonly label: string } | undefined;
  readonly due?: { readonly atMs: number; readonly label: string } | undefined;
  readonly band?:
    | { readonly fromMs: number; readonly toMs: number; readonly atMs: number; readonly label: string }
    | undefined;
  readonly onOpen?: ((id: string) => void) | undefined;
  /** The row that is open beside the timeline. */
  readonly selected?: string | undefined;
  /** Room for the names, in pixels. Default 124. */
  readonly labelWidth?: number;
}

/**
 * Bars on one axis: done solid, running petrol, to come open; now, the promise, and the forecast under the last. On a
 * phone a list with times.
 */
export function Timeline(props: TimelineProps): ReactNode {
  const { label, rows, fromMs, toMs, now, due, band, onOpen, selected, labelWidth } = props;
  const format = useFormat();
  const { ticks, stepMs } = ticksOf(fromMs, toMs);
  const at = (instantMs: number): number => placeOf(instantMs, fromMs, toMs);
  const time = stepMs < 60_000 ? format.timeExact : format.time;
  return (
    <div className="timeline" style={labelWidth === undefined ? {} : widthOf(labelWidth)}>
      <div className="timeline-grid" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick.atMs} className="tick" style={place(tick.place)}>
            {time(tick.atMs)}
          </span>
        ))}
        {due !== undefined && inside(due.atMs, fromMs, toMs) ? (
          <span className="tick due" style={place(at(due.atMs))}>
            <b>{due.label}</b>
          </span>
        ) : null}
        {now !== undefined && inside(now.atMs, fromMs, toMs) ? (
          <span className="tick now" style={place(at(now.atMs))}>
            <b>{now.label}</b>
          </span>
        ) : null}
      </div>
      <ol aria-label={label}>
        {rows.map((row) => (
          <li
            key={row.id}
            className={classOf(row)}
            {...(selected === row.id ? { 'aria-current': true } : {})}
            {...(onOpen === undefined ? {} : { tabIndex: 0, onClick: () => onOpen(row.id) })}
            onKeyDown={(event) => move(event, () => onOpen?.(row.id))}
          >
            <span className="timeline-label clip">{row.label}</span>
            <span className="timeline-track" aria-hidden="true">
              <Bars row={row} at={at} nowMs={now?.atMs} />
            </span>
            <span className="timeline-about">{row.about}</span>
          </li>
        ))}
      </ol>
      {band === undefined ? null : (
        <div className="timeline-row timeline-band">
          <span />
          <span className="timeline-track">
            <i className="band" style={span(at(band.fromMs), at(band.toMs))} />
            <i className="band-at" style={place(at(band.atMs))} />
            <span className="band-label" style={labelPlace(at(band.fromMs), at(band.toMs))}>
              {band.label}
            </span>
          </span>
        </div>
      )}
    </div>
  );
}

function Bars({
  row,
  at,
  nowMs,
}: {
  readonly row: TimelineRow;
  readonly at: (instantMs: number) => number;
  readonly nowMs: number | undefined;
}): ReactNode {
  const { startMs, endMs, expectedStartMs, expectedEndMs, failed } = row;
  const comingFrom =
    endMs === undefined ? (startMs === undefined ? expectedStartMs : (nowMs ?? startMs)) : undefined;
  return (
    <>
      {comingFrom === undefined || expectedEndMs === undefined ? null : (
        <i className="bar coming" style={span(at(comingFrom), at(expectedEndMs))} />
      )}
      {startMs === undefined ? null : (
        <i
          className={`bar ${failed === true ? 'failed' : endMs === undefined ? 'running' : 'done'}`}
          style={span(at(startMs), at(endMs ?? nowMs ?? startMs))}
        />
      )}
    </>
  );
}

function move(event: KeyboardEvent<HTMLLIElement>, open: () => void): void {
  const row = event.currentTarget;
  const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
  } else if (event.key === 'Enter') open();
}

function classOf({ strong, quiet }: TimelineRow): string {
  return `timeline-row ${strong === true ? 'strong' : ''} ${quiet === true ? 'quiet' : ''}`;
}

function widthOf(labelWidth: number): CSSProperties {
  return { '--label': `${labelWidth}px` } as CSSProperties;
}

function inside(atMs: number, fromMs: number, toMs: number): boolean {
  return atMs >= fromMs && atMs <= toMs;
}

function place(share: number): CSSProperties {
  return { left: `${(share * 100).toFixed(3)}%` };
}

function span(from: number, to: number): CSSProperties {
  return { left: `${(from * 100).toFixed(3)}%`, width: `${(Math.max(0, to - from) * 100).toFixed(3)}%` };
}

/** Behind the band while there is room, else before it. */
function labelPlace(from: number, to: number): CSSProperties {
  return to < 0.6
    ? { left: `${to * 100}%`, paddingLeft: 8 }
    : { right: `${(1 - from) * 100}%`, paddingRight: 8 };
}
