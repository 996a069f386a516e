/** Which grammar a category's titles are made with. */
export type TitleFamily = 'story' | 'business' | 'technical' | 'essay';

/** One node of the shop's category tree, with what the simulation knows of its titles and demand. */
export interface Category {
  /** Stable slug. */
  readonly id: string;
  readonly parentId: string | null;
  readonly nameKo: string;
  readonly nameEn: string;
  readonly family: TitleFamily;
  /** Share of the catalogue's works, relative; 0 for nodes that have children. */
  readonly supply: number;
  /** Share of the readers' demand, relative. */
  readonly demand: number;
  /** List prices in KRW before rounding to hundreds. */
  readonly price: readonly [from: number, to: number];
  /** Probability that a work is a series. */
  readonly series: number;
  readonly volumesMax: number;
  /** Probability that a work is for adults only. */
  readonly adult: number;
}

type Row = readonly [
  id: string,
  parentId: string | null,
  nameKo: string,
  nameEn: string,
  family?: TitleFamily,
  supply?: number,
  demand?: number,
  price?: readonly [number, number],
  series?: number,
  volumesMax?: number,
  adult?: number,
];

const rows: readonly Row[] = [
  ['fiction', null, '소설', 'Fiction'],
  ['fiction-romance', 'fiction', '로맨스', 'Romance', 'story', 6, 7, [8000, 13000], 0.3, 4, 0.12],
  ['fiction-fantasy', 'fiction', '판타지', 'Fantasy', 'story', 5, 6, [9000, 14000], 0.5, 6],
  [
    'fiction-mystery',
    'fiction',
    '추리·스릴러',
    'Mystery and thriller',
    'story',
    5,
    7,
    [9500, 14500],
    0.25,
    4,
  ],
  ['fiction-science', 'fiction', '과학소설', 'Science fiction', 'story', 3, 3, [9500, 15000], 0.3, 4],
  ['fiction-historical', 'fiction', '역사소설', 'Historical fiction', 'story', 2, 2, [9000, 15000], 0.4, 5],
  ['fiction-literary', 'fiction', '한국소설', 'Literary fiction', 'story', 5, 5, [9000, 14000], 0.05, 2],
  ['webnovel', null, '웹소설', 'Web novels'],
  ['webnovel-romance', 'webnovel', '로맨스', 'Romance'],
  [
    'webnovel-romance-modern',
    'webnovel-romance',
    '현대로맨스',
    'Modern romance',
    'story',
    6,
    8,
    [2800, 4000],
    0.85,
    8,
    0.2,
  ],
  [
    'webnovel-romance-fantasy',
    'webnovel-romance',
    '로맨스판타지',
    'Romance fantasy',
    'story',
    6,
    11,
    [2800, 4000],
    0.9,
    10,
  ],
  ['webnovel-fantasy', 'webnovel', '판타지', 'Fantasy'],
  [
    'webnovel-fantasy-modern',
    'webnovel-fantasy',
    '현대판타지',
    'Modern fantasy',
    'story',
    5,
    8,
    [3000, 3800],
    0.95,
    14,
  ],
  [
    'webnovel-fantasy-classic',
    'webnovel-fantasy',
    '정통판타지',
    'Classic fantasy',
    'story',
    4,
    5,
    [3000, 3800],
    0.95,
    14,
  ],
  ['webnovel-martial', 'webnovel', '무협', 'Martial arts', 'story', 4, 5, [3000, 3800], 0.95, 14],
  ['webnovel-bl', 'webnovel', 'BL', 'Boys’ love', 'story', 4, 6, [2800, 4200], 0.8, 7, 0.45],
  ['comics', null, '만화', 'Comics'],
  ['comics-boys', 'comics', '소년만화', 'Boys’ comics', 'story', 4, 6, [3500, 5500], 0.95, 18],
  ['comics-romance', 'comics', '순정만화', 'Romance comics', 'story', 4, 5, [3500, 5500], 0.9, 12, 0.08],
  ['comics-daily', 'comics', '일상만화', 'Slice of life', 'story', 2, 3, [3500, 6500], 0.6, 8],
  ['economics', null, '경제경영', 'Business and economics'],
  ['economics-investing', 'economics', '재테크·투자', 'Investing', 'business', 3, 5, [12000, 18000], 0.04, 2],
  ['economics-management', 'economics', '경영', 'Management', 'business', 3, 3, [13000, 19000], 0.04, 2],
  ['economics-marketing', 'economics', '마케팅', 'Marketing', 'business', 2, 2, [12500, 17500], 0.04, 2],
  ['self-development', null, '자기계발', 'Self-development'],
  [
    'self-development-habits',
    'self-development',
    '습관·시간관리',
    'Habits and time',
    'business',
    3,
    4,
    [10500, 15000],
    0.03,
    2,
  ],
  [
    'self-development-speaking',
    'self-development',
    '대화·관계',
    'Conversation',
    'business',
    2,
    3,
    [10500, 15000],
    0.03,
    2,
  ],
  ['computers', null, 'IT·컴퓨터', 'Computers'],
  [
    'computers-programming',
    'computers',
    '프로그래밍',
    'Programming',
    'technical',
    3,
    3,
    [18000, 32000],
    0.08,
    2,
  ],
  [
    'computers-data',
    'computers',
    '데이터·인공지능',
    'Data and AI',
    'technical',
    2,
    3,
    [19000, 35000],
    0.05,
    2,
  ],
  ['computers-design', 'computers', '그래픽·디자인', 'Design', 'technical', 1, 1, [16000, 28000], 0.05, 2],
  ['essay', null, '에세이·시', 'Essays and poetry'],
  ['essay-daily', 'essay', '일상에세이', 'Everyday essays', 'essay', 4, 5, [9000, 13500], 0.03, 2],
  ['essay-travel', 'essay', '여행에세이', 'Travel essays', 'essay', 2, 2, [9500, 14500], 0.05, 2],
  ['essay-poetry', 'essay', '시집', 'Poetry', 'essay', 2, 1, [6000, 9000], 0.05, 2],
  ['humanities', null, '인문', 'Humanities'],
  ['humanities-psychology', 'humanities', '심리', 'Psychology', 'essay', 3, 4, [11000, 16500], 0.03, 2],
  ['humanities-history', 'humanities', '역사', 'History', 'essay', 2, 2, [12000, 19000], 0.15, 4],
  ['humanities-philosophy', 'humanities', '철학', 'Philosophy', 'essay', 2, 2, [11000, 18000], 0.05, 2],
  ['science', null, '과학', 'Science'],
  ['science-general', 'science', '교양과학', 'Popular science', 'essay', 2, 2, [12000, 18000], 0.03, 2],
  ['science-nature', 'science', '자연·환경', 'Nature', 'essay', 1, 1, [11000, 17000], 0.03, 2],
  ['children', null, '어린이·청소년', 'Children and teens'],
  ['children-stories', 'children', '동화', 'Stories', 'story', 2, 2, [6500, 10000], 0.5, 6],
  ['children-teens', 'children', '청소년소설', 'Teen novels', 'story', 2, 2, [8000, 11500], 0.2, 3],
];

/** The whole tree, parents before children; three levels at most. */
export const categories: readonly Category[] = rows.map(
  ([
    id,
    parentId,
    nameKo,
    nameEn,
    family = 'story',
    supply = 0,
    demand = 0,
    price = [0, 0],
    series = 0,
    volumesMax = 1,
    adult = 0,
  ]) => ({
    id,
    parentId,
    nameKo,
    nameEn,
    family,
    supply,
    demand,
    price,
    series,
    volumesMax,
    adult,
  }),
);

/** The categories that titles are placed in. */
export const leafCategories: readonly Category[] = categories.filter((category) => category.supply > 0);
