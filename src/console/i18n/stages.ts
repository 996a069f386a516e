import { defineMessages } from './messages.ts';

/** The parts of a morning by their names; a project's own task is called as it calls itself. */
export const stageText = defineMessages({
  extract: { ko: '가져오기', en: 'Extract' },
  load: { ko: '적재', en: 'Load' },
  seal: { ko: '마감', en: 'Seal' },
  model: { ko: '모델', en: 'Models' },
  statistics: { ko: '통계', en: 'Statistics' },
  bestseller: { ko: '베스트셀러', en: 'Bestsellers' },
  recommend: { ko: '추천', en: 'Recommendations' },
  evaluate: { ko: '평가', en: 'Evaluation' },
  upkeep: { ko: '정리', en: 'Upkeep' },
});
