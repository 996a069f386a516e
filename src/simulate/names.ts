import type { TitleFamily } from './categories.ts';
import { grammars, type Word } from './words.ts';

/** Titles of one family that the grammar can make before it repeats one with a number. */
export function titleSpace(family: TitleFamily): number {
  const { a, b, c, patterns } = grammars[family];
  return a.length * b.length * c.length * patterns.length;
}

/**
 * The title of the n-th work of a family. Different numbers give different titles: the number is
 * spread over the grammar's space by a multiplier without common factor, and a number beyond the
 * space gets a part number.
 */
export function workTitle(family: TitleFamily, n: number): Word {
  const { a, b, c, patterns } = grammars[family];
  const space = titleSpace(family);
  // A product of two primes that divide no space: neighbours get titles far apart, and none twice.
  let code = ((n % space) * 7_919 * 104_729 + 4_321) % space;
  const take = (list: readonly Word[]): Word => {
    const word = list[code % list.length] ?? { ko: '', en: '' };
    code = Math.floor(code / list.length);
    return word;
  };
  const [wordA, wordB, wordC, pattern] = [take(a), take(b), take(c), take(patterns)];
  const fill = (language: 'ko' | 'en'): string =>
    pattern[language]
      .replace('{a}', wordA[language])
      .replace('{b}', wordB[language])
      .replace('{c}', wordC[language]);
  const part = Math.floor(n / space);
  if (part === 0) return { ko: fill('ko'), en: fill('en') };
  return { ko: `${fill('ko')} 제${part + 1}부`, en: `${fill('en')}, Part ${part + 1}` };
}

const pairs = (text: string): readonly Word[] =>
  text.split(' ').map((pair) => {
    const [ko = '', en = ''] = pair.split('|');
    return { ko, en };
  });
const surnames = pairs(
  '남궁|Namgung 제갈|Jegal 선우|Seonu 독고|Dokgo 황보|Hwangbo 사공|Sagong 서문|Seomun 동방|Dongbang 탁|Tak 빙|Bing 견|Gyeon 강전|Gangjeon 망절|Mangjeol 어금|Eogeum 소봉|Sobong 무본|Mubon 장곡|Janggok 복|Bok 옹|Ong 저|Jeo 묵|Muk 내|Nae 뇌|Noe 누|Nu 단|Dan 대|Dae 도|Do 만|Man 매|Mae 모|Mo',
);
const firstSyllables = pairs(
  '가|Ga 나|Na 다|Da 라|Ra 루|Ru 마|Ma 모|Mo 바|Ba 보|Bo 새|Sae 서|Seo 소|So 솔|Sol 시|Si 아|A 여|Yeo 예|Ye 온|On 우|U 은|Eun 이|I 자|Ja 조|Jo 차|Cha 초|Cho 태|Tae 하|Ha 해|Hae 효|Hyo 희|Hui',
);
const secondSyllables = pairs(
  '결|gyeol 겸|gyeom 늘|neul 담|dam 람|ram 랑|rang 래|rae 로|ro 루|ru 름|reum 린|rin 무|mu 벼리|byeori 봄|bom 빈|bin 솔|sol 숲|sup 슬|seul 안|an 연|yeon 울|ul 율|yul 음|eum 인|in 찬|chan 챙|chaeng 한|han 현|hyeon 호|ho 휘|hwi',
);

/** The name of the n-th person: an uncommon surname and a made-up given name; repeats after 27,000. */
export function personName(n: number): Word {
  const space = surnames.length * firstSyllables.length * secondSyllables.length;
  let code = ((n % space) * 7_919 + 1_234) % space;
  const take = (list: readonly Word[]): Word => {
    const word = list[code % list.length] ?? { ko: '', en: '' };
    code = Math.floor(code / list.length);
    return word;
  };
  const [surname, first, second] = [take(surnames), take(firstSyllables), take(secondSyllables)];
  return {
    ko: `${surname.ko}${first.ko}${second.ko}`,
    en: `${first.en}${second.en} ${surname.en}`,
  };
}

const housesA = pairs(
  '다락|Darak 물결|Mulgyeol 느티|Neuti 반달|Bandal 솔바람|Solbaram 여울|Yeoul 첫장|Cheotjang 오목눈|Omoknun 서랍|Seorap 종이배|Jongibae 마루|Maru 달무리|Dalmuri 이음새|Ieumsae 돋을|Dodeul 가람결|Garamgyeol 모퉁이|Motungi 은하수길|Eunhasugil 보리|Bori 새김|Saegim 온누리|Onnuri',
);
const housesB: readonly Word[] = [
  { ko: '책방', en: 'Books' },
  { ko: '출판', en: 'Press' },
  { ko: '문고', en: 'Library' },
  { ko: '미디어', en: 'Media' },
  { ko: '북스', en: 'House' },
];

/** The name of the n-th publisher. */
export function publisherName(n: number): Word {
  const space = housesA.length * housesB.length;
  const code = ((n % space) * 37 + 11) % space;
  const first = housesA[code % housesA.length] ?? { ko: '', en: '' };
  const second = housesB[Math.floor(code / housesA.length)] ?? { ko: '', en: '' };
  const round = n < space ? '' : ` ${Math.floor(n / space) + 1}`;
  return { ko: `${first.ko}${second.ko}${round}`, en: `${first.en} ${second.en}${round}` };
}
