import { defineMessages } from '../../i18n/messages.ts';

/** What a scope allows, by its name. */
export const scopeText = defineMessages({
  'events:write': { ko: '이벤트를 보냅니다', en: 'Send events' },
  'events:replay': {
    ko: '거절된 이벤트를 고쳐 다시 보냅니다',
    en: 'Mend refused events and send them again',
  },
  'bestsellers:read': { ko: '베스트셀러를 봅니다', en: 'Read bestsellers' },
  'recommendations:read': { ko: '추천을 봅니다', en: 'Read recommendations' },
  'metrics:read': { ko: '지표와 통계 페이지를 봅니다', en: 'Read metrics and statistics pages' },
  'status:read': { ko: '작업과 상태를 봅니다', en: 'Read runs and the state of the platform' },
  'tables:read': { ko: '테이블을 보고 SQL로 묻습니다', en: 'Read tables and ask them in SQL' },
  'tables:write': { ko: '테이블에 씁니다', en: 'Write tables' },
  'batch:run': { ko: '작업을 돌리고 멈춥니다', en: 'Run and stop tasks' },
  'personal:read': { ko: '개인정보를 봅니다', en: 'Read what is personal' },
  'settings:write': { ko: '사람과 키를 관리합니다', en: 'Manage people and keys' },
});

export type KnownScope = keyof typeof scopeText;

/** Whether there are words for a scope: a newer platform may have scopes that this page does not know. */
export function isKnownScope(scope: string): scope is KnownScope {
  return Object.hasOwn(scopeText, scope);
}
