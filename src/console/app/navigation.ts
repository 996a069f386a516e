import { defineMessages } from '../i18n/messages.ts';
import type { IconName } from '../parts/icon.tsx';
import type { Section } from './sections.ts';

export const navigationText = defineMessages({
  home: { ko: '홈', en: 'Home' },
  bestsellers: { ko: '베스트셀러', en: 'Bestsellers' },
  recommendations: { ko: '추천', en: 'Recommendations' },
  statistics: { ko: '통계', en: 'Statistics' },
  events: { ko: '이벤트', en: 'Events' },
  runs: { ko: '작업', en: 'Runs' },
  tables: { ko: '테이블', en: 'Tables' },
  sql: { ko: 'SQL', en: 'SQL' },
  settings: { ko: '설정', en: 'Settings' },
  data: { ko: '데이터', en: 'Data' },
  more: { ko: '더 보기', en: 'More' },
  main: { ko: '주 메뉴', en: 'Main' },
  shortRecommendations: { ko: '추천', en: 'For you' },
  shortBestsellers: { ko: '베스트셀러', en: 'Lists' },
  shortStatistics: { ko: '통계', en: 'Stats' },
});

/** A screen as the navigation names it. */
export interface NavigationEntry {
  readonly id: Exclude<Section, 'titles'>;
  readonly path: string;
  readonly icon: IconName;
  /** Stands below the heading `Data`. */
  readonly data?: boolean;
  /** In the bottom bar of a phone, under this name. */
  readonly tab?: 'home' | 'shortBestsellers' | 'shortRecommendations' | 'shortStatistics';
}

/** Every screen, in order. */
export const navigation: readonly NavigationEntry[] = [
  { id: 'home', path: '/', icon: 'home', tab: 'home' },
  { id: 'bestsellers', path: '/bestsellers', icon: 'list', tab: 'shortBestsellers' },
  { id: 'recommendations', path: '/recommendations', icon: 'books', tab: 'shortRecommendations' },
  { id: 'statistics', path: '/statistics', icon: 'chart', tab: 'shortStatistics' },
  { id: 'events', path: '/events', icon: 'pulse', data: true },
  { id: 'runs', path: '/runs', icon: 'runs', data: true },
  { id: 'tables', path: '/tables', icon: 'table', data: true },
  { id: 'sql', path: '/sql', icon: 'prompt', data: true },
  { id: 'settings', path: '/settings', icon: 'settings', data: true },
];
