/** The first part of every screen's address: what the server answers with the console. */
export const sections = {
  home: '',
  bestsellers: 'bestsellers',
  titles: 'titles',
  recommendations: 'recommendations',
  statistics: 'statistics',
  events: 'events',
  runs: 'runs',
  tables: 'tables',
  sql: 'sql',
  settings: 'settings',
} as const;

/** A screen. */
export type Section = keyof typeof sections;

/**
 * The code of the screen at an address, by the number of its parts: the server names it in the page, so that
 * it comes beside the frame's code and not behind it.
 */
export const screenCode: Readonly<Record<Section, readonly string[]>> = {
  home: ['home/home'],
  bestsellers: ['bestsellers/first-list', 'bestsellers/bestsellers', 'bestsellers/compare'],
  titles: ['titles/title'],
  recommendations: ['recommendations/recommendations'],
  statistics: ['statistics/statistics', 'statistics/statistics-page'],
  events: ['events/events'],
  runs: ['runs/runs', 'runs/task-page'],
  tables: ['tables/tables', 'tables/table-page'],
  sql: ['sql/sql'],
  settings: ['settings/settings'],
};
