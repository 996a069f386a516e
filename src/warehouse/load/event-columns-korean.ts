import type { DeclaredColumn } from '../write-columns.ts';

/** What the columns of `raw.events` are, in Korean. */
export const eventsInKorean: Readonly<Record<string, string>> = {
  event_id: '클라이언트가 만든 번호. 다시 보내도 그대로입니다.',
  kind: '무슨 일인지. docs/reference/events.md를 보세요.',
  occurred_at: '일어난 때. 클라이언트의 시계가 틀렸으면 바로잡은 것.',
  sent_at: '클라이언트가 보낸 때.',
  received_at: '수집기가 받은 때.',
  reader_id: '로그인한 독자.',
  device_id: '어느 기기인지.',
  session_id: '어느 방문인지.',
  source: '함께 온 API 키의 이름.',
  page_url: '페이지 주소.',
  page_referrer: '그 앞의 페이지.',
  page_title: '페이지 제목.',
  app_name: '프로그램.',
  app_version: '프로그램의 버전.',
  app_platform: 'web, ios, android, ereader, server 가운데 하나.',
  user_agent: '브라우저가 스스로를 부르는 말.',
  ip: '뒷자리를 지운 주소.',
  items: '이벤트에 든 책, 순서대로.',
  properties: '그 밖의 모든 것, JSON.',
  device_occurred_at: '클라이언트의 시계가 틀렸을 때, 그 시계로 일어난 때.',
  country: 'ISO 3166-1 나라 코드. 프록시의 헤더나 주소에서 압니다.',
  device_type: 'desktop, mobile, tablet, ereader, tv, console, wearable, embedded 가운데 하나.',
  os_name: '운영 체제. user agent와 client hints에서 압니다.',
  os_version: '운영 체제의 버전, 브라우저가 알릴 때.',
  browser_name: '브라우저, 또는 페이지를 감싼 앱.',
  browser_version: '브라우저의 버전.',
  bot: '로봇이 보냈는지. 클라이언트를 모르면 비어 있음.',
  bot_name: '로봇이 스스로를 부르는 이름.',
  campaign_source: 'utm_source.',
  campaign_medium: 'utm_medium.',
  campaign_name: 'utm_campaign.',
  campaign_term: 'utm_term 또는 네이버의 n_query.',
  campaign_content: 'utm_content.',
  campaign_id: 'utm_id.',
  click_id: '광고망에서 클릭의 번호.',
  click_id_name: '번호가 온 매개변수, 예를 들어 gclid.',
  click_network: '광고망, 예를 들어 google이나 naver.',
  referrer_class: 'internal, direct, search, social, mail, paid, assistant, other 가운데 하나.',
  referrer_name: '독자가 온 사이트, 예를 들어 Naver. 모르면 호스트 이름.',
  enriched_by: 'device_occurred_at부터의 열이 나온 규칙과 파일의 버전.',
  late: '제 날이 이미 마감되어 뒷날로 셉니다.',
  log_partition: '이벤트 로그 안의 자리(파티션).',
  log_offset: '이벤트 로그 안의 자리(오프셋).',
  business_day: '이 이벤트를 세는 영업일.',
};

/** What the columns of `raw.failed_events` are, in Korean. */
export const failedInKorean: Readonly<Record<string, string>> = {
  received_at: '수집기가 거절한 때.',
  source: '함께 온 API 키의 이름.',
  code: '바뀌지 않는 오류 코드.',
  path: '이벤트 안의 자리, JSON 포인터.',
  rule: '어긴 규칙.',
  message: '오류를 한 문장으로.',
  raw: '온 그대로의 이벤트.',
  event_id: '이벤트의 번호. 없으면 로그 안의 자리에서 만든 것이며, 다시 받았는지 이것으로 압니다.',
  kind: '무슨 일인지, 읽을 수 있을 때.',
  occurred_at: '일어난 때, 읽을 수 있을 때.',
  sent_at: '클라이언트가 보낸 때.',
  reader_id: '독자, 읽을 수 있을 때.',
  device_id: '기기, 읽을 수 있을 때.',
  session_id: '방문, 읽을 수 있을 때.',
  page_url: '페이지 주소, 읽을 수 있을 때.',
  app_platform: 'web, ios, android, ereader, server 가운데 하나, 읽을 수 있을 때.',
  user_agent: '브라우저가 스스로를 부르는 말.',
  ip: '뒷자리를 지운 주소.',
  log_topic: '적재기가 읽지 못한 기록은 events, 나머지는 failed.',
  log_partition: '로그 안의 자리(파티션).',
  log_offset: '로그 안의 자리(오프셋).',
  business_day: '거절한 영업일.',
};

/** The columns with their descriptions in both languages. */
export function withKorean(
  korean: Readonly<Record<string, string>>,
  columns: readonly (DeclaredColumn & { readonly description: string })[],
): readonly DeclaredColumn[] {
  return columns.map((column) => {
    const ko = korean[column.name];
    return ko === undefined ? column : { ...column, description: { en: column.description, ko } };
  });
}
