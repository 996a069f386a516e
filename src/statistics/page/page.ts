import type { Grain } from '../grain.ts';
import type { ComparisonKind } from './comparison.ts';
import type { BlockSpec, ChoiceSpec, Text } from './spec.ts';

/** What is wrong with a part of a page. */
export interface PageProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Words of a text. */
export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly type: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly type: 'break' }
  | { readonly type: 'value'; readonly id: string };

/** A paragraph, heading, list or quotation. */
export type TextNode =
  | { readonly type: 'heading'; readonly depth: number; readonly children: readonly Inline[] }
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly type: 'quote'; readonly children: readonly TextNode[] }
  | {
      readonly type: 'list';
      readonly ordered: boolean;
      readonly items: readonly (readonly TextNode[])[];
    };

/** A value inside of a text: `{{ sales }}`, `{{ sales, month }}`, `{{ sales, year }}`, `{{ top.title }}`. */
export type ValueSpec =
  | { readonly kind: 'day'; readonly line: number }
  | {
      readonly kind: 'metric';
      readonly metric: string;
      readonly grain: Grain | undefined;
      readonly compare: ComparisonKind | undefined;
      readonly line: number;
    }
  | { readonly kind: 'query'; readonly query: string; readonly column: string; readonly line: number };

/** One part of a page, in order. */
export type PageItem =
  | { readonly kind: 'text'; readonly language: 'ko' | 'en' | null; readonly node: TextNode }
  | { readonly kind: 'block'; readonly id: string; readonly line: number; readonly block: BlockSpec }
  | { readonly kind: 'broken'; readonly id: string; readonly problem: PageProblem };

/** A SELECT of a page. */
export interface PageQuery {
  readonly name: string;
  readonly sql: string;
  /** Line of its first line. */
  readonly line: number;
}

/** What the reader chooses. */
export interface PageControls {
  readonly range: string;
  readonly ranges: readonly string[];
  readonly day: boolean;
  readonly grain: Grain;
  readonly grains: readonly Grain[];
  readonly choices: readonly ChoiceSpec[];
}

/** A page, read from its file; what is broken stands among its items and in `problems`. */
export interface Page {
  readonly name: string;
  readonly file: string;
  readonly title: Text;
  readonly description: Text | undefined;
  readonly group: Text | undefined;
  readonly order: number;
  readonly controls: PageControls;
  readonly labels: Readonly<Record<string, Text>>;
  readonly labelQuery: string | undefined;
  readonly items: readonly PageItem[];
  readonly queries: ReadonlyMap<string, PageQuery>;
  readonly values: ReadonlyMap<string, ValueSpec>;
  readonly problems: readonly PageProblem[];
  /** Changes with the file. */
  readonly version: string;
}
