import type { ReactNode } from 'react';

/** The one set of icons: 16 units wide, one line weight. */
const drawings = {
  mark: (
    <>
      <path d="M3 2.500h7.500A2.500 2.500 0 0 1 13 5v8.500H5.500A2.500 2.500 0 0 1 3 11z" />
      <path d="M3 11a2.500 2.500 0 0 1 2.500-2.500H13" />
    </>
  ),
  home: (
    <>
      <path d="M2.500 13.500v-7L8 2.500l5.500 4v7z" />
      <path d="M6.500 13.500v-4h3v4" />
    </>
  ),
  list: <path d="M2.500 3.500h1M2.500 8h1M2.500 12.500h1M6 3.500h7.500M6 8h7.500M6 12.500h5" />,
  books: <path d="M3 2.500h4v11H3zM7 2.500h3v11H7zM10.300 3.200l2.700-.7 1.500 10.300-2.700.6z" />,
  chart: (
    <>
      <path d="M2.500 13.500h11" />
      <path d="M3 10.500 6 7l2.500 2L13 3.500" />
    </>
  ),
  pulse: <path d="M2 8h2.500l2-5 3 10 2-5H14" />,
  runs: <path d="M2.500 4h6M5 8h6M8 12h5.500" />,
  table: <path d="M2.500 3h11v10h-11zM2.500 6.300h11M6.500 6.300V13" />,
  prompt: <path d="m3 4 4 4-4 4M8.500 12.500H13" />,
  settings: (
    <>
      <circle cx="8" cy="8" r="2.200" />
      <path d="M8 2v2M8 12v2M2 8h2M12 8h2M3.800 3.800l1.400 1.400M10.800 10.800l1.400 1.400M12.200 3.800l-1.400 1.400M5.200 10.800l-1.400 1.400" />
    </>
  ),
  find: (
    <>
      <circle cx="7" cy="7" r="4.500" />
      <path d="M10.500 10.500 14 14" />
    </>
  ),
  more: <path d="M3 8h.01M8 8h.01M13 8h.01" strokeWidth="2.200" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  down: <path d="m4 6 4 4 4-4" />,
  up: <path d="m4 10 4-4 4 4" />,
  left: <path d="M10 4 6 8l4 4" />,
  right: <path d="m6 4 4 4-4 4" />,
  check: <path d="m3 8.500 3.500 3.500L13 4.500" />,
  export: <path d="M8 2.500v7M5 7l3 3 3-3M3 11.500v2h10v-2" />,
  copy: <path d="M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3" />,
  external: <path d="M9 3h4v4M13 3 7.500 8.500M6 4H3v9h9v-3" />,
  person: (
    <>
      <circle cx="8" cy="5.500" r="2.500" />
      <path d="M3 13.500c.6-2.700 2.400-4 5-4s4.400 1.300 5 4" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.500" />
      <path d="M8 5v3l2 1.500" />
    </>
  ),
  warn: <path d="M8 2.500 14 13H2zM8 6.500v3M8 11.300v.01" />,
  filter: <path d="M2.500 3.500h11L9.500 8.500v4l-3 1v-5z" />,
  fold: <path d="M2.500 3h11v10h-11zM6 3v10M11 6.500 9.500 8l1.500 1.500" />,
  play: <path d="M5 3.500 12 8l-7 4.500z" />,
  stop: <path d="M4 4h8v8H4z" />,
  again: <path d="M13 8a5 5 0 1 1-1.500-3.500M13 2.500v3h-3" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

/** A drawing beside a word; it has no name of its own. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.300"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="icon"
    >
      {drawings[name]}
    </svg>
  );
}
