import { useEffect, useState, type RefObject } from 'react';

/** The rows that are drawn: `from` inclusive, `to` exclusive, and the heights of what is not. */
interface View {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
}

const rowHeight = 34;
const beyond = 12;
const viewFirst = 60;

/** Follows the scrolling of a long table, whose rows all have one height. */
export function useWindow(frame: RefObject<HTMLElement | null>, rows: number, active: boolean): View {
  const [range, setRange] = useState({ from: 0, to: viewFirst });
  useEffect(() => {
    const element = frame.current;
    if (element === null || !active) return undefined;
    const follow = (): void => {
      const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - beyond);
      const to = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + beyond;
      setRange((known) => (known.from === from && known.to === to ? known : { from, to }));
    };
    follow();
    element.addEventListener('scroll', follow, { passive: true });
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', follow);
      observer.disconnect();
    };
  }, [frame, active]);
  if (!active) return { from: 0, to: rows, before: 0, after: 0 };
  const to = Math.min(rows, range.to);
  const from = Math.min(range.from, to);
  return { from, to, before: from * rowHeight, after: (rows - to) * rowHeight };
}
