/** Statistics pages: text files with SQL, metrics and controls, answered block by block. */
export type {
  AnswerCell,
  AnswerColumn,
  AnswerComparison,
  AnswerMark,
  AnswerNumber,
  Annotation,
  BlockAnswer,
  BlockOutcome,
  ValueAnswer,
} from './answer.ts';
export type { ChosenControls, Controls } from './controls.ts';
export { csvText, toCsv, toWorkbook, type ExportWords } from './export.ts';
export type { Inline, Page, PageItem, PageProblem, TextNode } from './page.ts';
export { parsePage } from './parse-page.ts';
export { Pages, type ChoiceOption, type PageData, type PagesOptions } from './pages.ts';
export type { RunQuery } from './run-query.ts';
export type { BlockSpec, Text } from './spec.ts';
export { toXlsx, type Sheet, type SheetCell } from './xlsx.ts';
