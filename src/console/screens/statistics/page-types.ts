import type { BlockRows, PageData } from '../../../api/index.ts';

/** A text, or one by language. */
export type Words = string | Readonly<Record<string, string>>;

/** A block as its page says it: what of it the screen looks at. */
export interface ShownBlock {
  readonly kind: 'numbers' | 'line' | 'bar' | 'stacked' | 'table' | 'heat' | 'funnel' | 'cohort';
  readonly title?: Words;
  readonly note?: Words;
  readonly width?: 'full' | 'half';
  readonly compare?: 'previous' | 'same_weekday' | 'year';
  readonly age?: 'day' | 'week' | 'month';
}

/** Words of a text. */
export type Inline =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly type: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly type: 'break' }
  | { readonly type: 'value'; readonly id: string };

/** A paragraph, heading, list or quotation. */
export type TextNode =
  | { readonly type: 'heading'; readonly depth: number; readonly children: readonly Inline[] }
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly type: 'quote'; readonly children: readonly TextNode[] }
  | { readonly type: 'list'; readonly ordered: boolean; readonly items: readonly (readonly TextNode[])[] };

export type Column = BlockRows['columns'][number];
export type Cell = BlockRows['rows'][number][number];
export type BlockNumber = BlockRows['numbers'][number];
export type BlockComparison = BlockNumber['comparisons'][number];
export type Problem = PageData['problems'][number];

/** A value inside of a text. */
export type ValueAnswer =
  | { readonly value: Cell; readonly type: string; readonly unit: string | null }
  | { readonly comparison: BlockComparison; readonly unit: string }
  | { readonly problem: Problem };
