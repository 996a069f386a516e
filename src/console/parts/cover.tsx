import { memo, type ReactNode } from 'react';
import { designCover, type CoverDesign } from './cover-design.ts';
import './cover.css';

const [width, height] = [60, 90];

/**
 * A typographic cover, the same for a title wherever it stands. It is named by its title; `decorative`
 * where the title stands beside it.
 */
export const Cover = memo(function Cover({
  title,
  author,
  size = 40,
  decorative = false,
}: {
  readonly title: string;
  readonly author?: string | null | undefined;
  /** Width in pixels; undefined fills its place. */
  readonly size?: number | undefined;
  readonly decorative?: boolean;
}): ReactNode {
  const design = designCover(title);
  return (
    <svg
      className="cover"
      viewBox={`0 0 ${width} ${height}`}
      {...(size === undefined ? { width: '100%' } : { width: size, height: size * 1.5 })}
      {...(decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': title })}
    >
      {art[design.template](design, shortName(author ?? ''))}
    </svg>
  );
});

const art: Record<CoverDesign['template'], (design: CoverDesign, author: string) => ReactNode> = {
  frame: (design, author) => (
    <>
      <rect width={width} height={height} fill={design.hue} />
      <rect x="4.500" y="4.500" width="51" height="81" fill="none" stroke={design.paper} strokeWidth=".7" />
      <Title design={design} x={30} y={20} fill={design.paper} centred />
      <By author={author} x={30} y={79} fill={design.paper} centred />
    </>
  ),
  horizon: (design, author) => (
    <>
      <rect width={width} height={height} fill={design.paper} />
      <rect width={width} height="34" fill={design.hue} />
      <circle
        cx={design.grain[0] === undefined ? 44 : 12 + design.grain[0] * 2.2}
        cy="34"
        r="9"
        fill={design.disc}
        stroke={design.hue}
      />
      <Title design={design} x={6} y={48} fill="#26221c" />
      <By author={author} x={6} y={84} fill={design.hue} />
    </>
  ),
  spine: (design, author) => (
    <>
      <rect width={width} height={height} fill={design.paper} />
      <rect width="7" height={height} fill={design.hue} />
      <Title design={design} x={13} y={14} fill={design.hue} />
      <path
        d={`M13 ${19 + design.lines.length * design.size * 1.25}h30`}
        stroke={design.hue}
        strokeWidth=".7"
      />
      <By author={author} x={13} y={82} fill="#4b4740" />
    </>
  ),
  waves: (design, author) => (
    <>
      <rect width={width} height={height} fill={design.hue} />
      {design.grain.map((grain, index) => (
        <path
          key={index}
          d={`M0 ${59 + index * 7}q15 -${6 + (grain % 9)} 30 0t30 0`}
          fill="none"
          stroke={design.paper}
          strokeOpacity={0.25 + index * 0.13}
        />
      ))}
      <Title design={design} x={6} y={9} fill={design.paper} />
      <By author={author} x={6} y={51} fill={design.paper} />
    </>
  ),
  band: (design, author) => (
    <>
      <rect width={width} height={height} fill={design.hue} />
      <rect y="24" width={width} height="38" fill={design.paper} />
      <Title
        design={design}
        x={30}
        y={43 - (design.lines.length * design.size * 1.25) / 2}
        fill={design.hue}
        centred
      />
      <By author={author} x={30} y={76} fill={design.paper} centred />
    </>
  ),
};

function Title({
  design,
  x,
  y,
  fill,
  centred = false,
}: {
  readonly design: CoverDesign;
  readonly x: number;
  /** Top of the first line. */
  readonly y: number;
  readonly fill: string;
  readonly centred?: boolean;
}): ReactNode {
  return design.lines.map((line, index) => (
    <text
      key={index}
      x={x}
      y={y + design.size * (0.9 + index * 1.25)}
      textAnchor={centred ? 'middle' : 'start'}
      className="cover-title"
      style={{ fontSize: `${design.size}px`, fill }}
    >
      {line}
    </text>
  ));
}

function By({
  author,
  x,
  y,
  fill,
  centred = false,
}: {
  readonly author: string;
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly centred?: boolean;
}): ReactNode {
  return (
    <text x={x} y={y} textAnchor={centred ? 'middle' : 'start'} className="cover-author" style={{ fill }}>
      {author}
    </text>
  );
}

const authorLettersMax = 18;

function shortName(author: string): string {
  return author.length > authorLettersMax ? `${author.slice(0, authorLettersMax - 1)}…` : author;
}
