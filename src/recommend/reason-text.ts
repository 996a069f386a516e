/** Languages in which reasons are told. */
export type ReasonLanguage = 'ko' | 'en';

/** Why a title is recommended, as a sentence; titles in the order of `because_of`. An unknown reason stays as it is. */
export function reasonText(reason: string, titles: readonly string[], language: ReasonLanguage): string {
  const [first] = titles;
  if (reason === 'popular') return language === 'ko' ? '요즘 많이 읽는 책' : 'popular now';
  if (first === undefined) return reason;
  if (reason === 'next_in_series')
    return language === 'ko' ? `「${first}」의 다음 권` : `next volume after ${first}`;
  if (reason !== 'similar_to') return reason;
  return language === 'ko'
    ? `${titles.map((title) => `「${title}」`).join(' · ')} 독자에게 추천`
    : `because you have ${titles.join(' and ')}`;
}

/** Why a title is related to another one, as a sentence. */
export function relatedText(reason: string, title: string, language: ReasonLanguage): string {
  if (reason === 'next_in_series') return reasonText(reason, [title], language);
  return language === 'ko' ? `「${title}」 독자가 함께 읽은 책` : `readers of ${title} have it too`;
}
