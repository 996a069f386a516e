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
