import type { TitleFamily } from './categories.ts';

/** A word in both languages. */
export interface Word {
  readonly ko: string;
  readonly en: string;
}

/** What a family's titles are made of: every pattern takes one word of each of the three lists. */
export interface Grammar {
  readonly a: readonly Word[];
  readonly b: readonly Word[];
  readonly c: readonly Word[];
  /** `{a}`, `{b}` and `{c}` are replaced; a following `{을}`-like particle is not needed: patterns use none that bend. */
  readonly patterns: readonly Word[];
}

const words = (text: string): readonly Word[] =>
  text.split(',').map((pair) => {
    const [ko = '', en = ''] = pair.trim().split('|');
    return { ko, en };
  });

const storyA =
  words(`달빛|Moonlit, 새벽|Dawn, 안개|Misty, 은빛|Silver, 그믐|Dark-Moon, 푸른|Blue, 검은|Black, 하얀|White, 잠든|Sleeping, 잊힌|Forgotten,
  마지막|Last, 첫눈|First-Snow, 겨울|Winter, 여름|Summer, 자정|Midnight, 노을|Sunset, 별빛|Starlit, 유리|Glass, 종이|Paper, 비밀|Secret,
  낯선|Strange, 오래된|Old, 부서진|Broken, 숨은|Hidden, 고요한|Quiet, 붉은|Crimson, 서쪽|Western, 북쪽|Northern, 일곱 번째|Seventh, 백 번째|Hundredth,
  그림자|Shadow, 물속|Underwater, 구름|Cloud, 바람|Wind, 얼음|Ice, 태양|Sun, 모래|Sand, 황금|Golden, 가짜|False, 돌아온|Returned,
  떠도는|Wandering, 말 없는|Silent, 길 잃은|Lost, 이름 없는|Nameless, 늦은|Late, 먼|Distant, 거꾸로 선|Upside-Down, 세 번째|Third`);
const storyB =
  words(`서점|Bookshop, 등대|Lighthouse, 정원|Garden, 골목|Alley, 왕국|Kingdom, 우체국|Post Office, 도서관|Library, 기차역|Station, 항구|Harbour, 탑|Tower,
  학원|Academy, 저택|Mansion, 숲|Forest, 섬|Island, 계곡|Valley, 시장|Market, 공방|Workshop, 극장|Theatre, 여관|Inn, 온실|Greenhouse,
  미궁|Labyrinth, 성벽|Rampart, 사막|Desert, 호수|Lake, 다락방|Attic, 찻집|Teahouse, 천문대|Observatory, 수도원|Abbey, 병원|Hospital, 빵집|Bakery,
  시계탑|Clock Tower, 박물관|Museum, 온천|Hot Spring, 다리|Bridge, 문파|Sword House, 던전|Dungeon, 공작가|Duchy, 객잔|Wayside Inn, 연구소|Laboratory, 법정|Courtroom,
  사진관|Photo Studio, 세탁소|Laundry, 편의점|Corner Store, 옥탑방|Rooftop Room, 목장|Ranch, 광산|Mine, 궁전|Palace, 비행선|Airship`);
const storyC =
  words(`약속|Promise, 비밀|Secret, 마법사|Wizard, 기사|Knight, 편지|Letter, 기억|Memory, 요리사|Cook, 사서|Librarian, 탐정|Detective, 검객|Swordsman,
  공녀|Young Lady, 상인|Merchant, 의사|Physician, 계약|Contract, 노래|Song, 지도|Map, 열쇠|Key, 유산|Inheritance, 저주|Curse, 계절|Season,
  손님|Guest, 주인|Keeper, 쌍둥이|Twins, 고양이|Cat, 여우|Fox, 용|Dragon, 회귀자|Returner, 후계자|Heir, 하숙생|Lodger, 추억|Remembrance,
  반란|Rebellion, 초대장|Invitation, 목격자|Witness, 거짓말|Lie, 알리바이|Alibi, 수수께끼|Riddle, 연인|Lovers, 이웃|Neighbour, 견습생|Apprentice, 대장장이|Blacksmith,
  예언|Prophecy, 관찰자|Observer, 조수|Assistant, 피아니스트|Pianist, 정원사|Gardener, 수집가|Collector, 항해사|Navigator, 궁수|Archer`);
const businessA =
  words(`작은|Small, 느린|Slow, 단단한|Solid, 조용한|Quiet, 하루 한 줄|One-Line, 아침|Morning, 퇴근 후|After-Work, 월급쟁이|Salaried, 처음 만나는|First, 다시 쓰는|Rewritten,
  현장의|Field, 혼자 하는|Solo, 오십부터|From-Fifty, 서른의|Thirties, 숫자로 보는|In-Numbers, 거꾸로 하는|Reversed, 두 번째|Second, 지속하는|Lasting, 유연한|Flexible, 정직한|Honest,
  가벼운|Light, 깊은|Deep, 똑똑한|Smart, 단순한|Simple, 빈틈없는|Tight, 균형 잡힌|Balanced, 백 일|Hundred-Day, 일주일|One-Week, 삼십 분|Thirty-Minute, 한 장|One-Page`);
const businessB =
  words(`투자|Investing, 회의|Meeting, 가계부|Household Budget, 배당|Dividend, 협상|Negotiation, 기획|Planning, 보고서|Report, 팀|Team, 브랜드|Brand, 재고|Inventory,
  시간|Time, 습관|Habit, 메모|Note, 질문|Question, 대화|Conversation, 결정|Decision, 저축|Saving, 창업|Start-up, 가격|Pricing, 고객|Customer,
  리더|Leader, 데이터|Data, 집중|Focus, 휴식|Rest, 발표|Presentation, 경청|Listening, 목표|Goal, 환율|Exchange Rate, 채권|Bond, 가게|Shop`);
const businessC =
  words(`원칙|Principles, 기술|Craft, 지도|Map, 수업|Lessons, 설계|Design, 감각|Sense, 문장|Sentences, 도구|Tools, 철학|Philosophy, 공식|Formula,
  연습|Practice, 사전|Dictionary, 노트|Notebook, 전략|Strategy, 언어|Language, 리듬|Rhythm, 근육|Muscle, 실험|Experiment, 체력|Stamina, 태도|Attitude,
  비용|Cost, 순서|Order, 구조|Structure, 힘|Power, 온도|Temperature, 루틴|Routine, 여백|Margin, 관점|Viewpoint, 기준|Standard, 처방|Prescription`);
const technicalA =
  words(`손으로 짜는|Hands-on, 그림으로 배우는|Illustrated, 처음부터 다시|From-Scratch, 실무자를 위한|Practitioner’s, 한 권으로 끝내는|One-Volume, 작게 시작하는|Small-Start, 밑바닥|Bottom-up, 예제로 읽는|By-Example, 견고한|Robust, 빠른|Fast,
  테스트로 배우는|Test-Driven, 현업|Industrial, 주말에 만드는|Weekend, 친절한|Friendly, 깊이 읽는|In-Depth, 운영자를 위한|Operator’s, 함수로 짜는|Functional, 눈으로 보는|Visual, 오픈소스|Open-Source, 대규모|Large-Scale`);
const technicalB =
  words(`타입스크립트|TypeScript, 데이터베이스|Database, 분산 로그|Distributed Log, 그래프|Graph, 컴파일러|Compiler, 신경망|Neural Network, 추천 시스템|Recommender, 스트림|Stream, 색인|Index, 캐시|Cache,
  네트워크|Network, 운영체제|Operating System, 웹 화면|Web Interface, 타이포그래피|Typography, 색채|Colour, 시계열|Time Series, 암호|Cryptography, 검색|Search, 파이프라인|Pipeline, 관측|Observability,
  큐|Queue, 트랜잭션|Transaction, 벡터|Vector, 아이콘|Icon, 지도 데이터|Map Data, 통계|Statistics, 배치|Batch, 쿼리|Query, 스케줄러|Scheduler, 글꼴|Font`);
const technicalC =
  words(`설계|Design, 입문|Primer, 실습|Workbook, 해부|Anatomy, 요리책|Cookbook, 튜닝|Tuning, 패턴|Patterns, 만들기|Building, 원리|Internals, 안내서|Guide,
  문제집|Problems, 노트|Notes, 실전|Practice, 기초|Foundations, 테스트|Testing, 시각화|Visualisation, 운영|Operations, 이론|Theory, 모델링|Modelling, 리팩터링|Refactoring`);
const essayA =
  words(`어느 날의|One Day’s, 느긋한|Leisurely, 혼자 먹는|Eaten Alone, 비 오는 날의|Rainy-Day, 서른 즈음|Around Thirty, 오후 세 시|Three O’Clock, 다정한|Gentle, 서툰|Clumsy, 여전히|Still, 가끔|Sometimes,
  천천히 걷는|Slow-Walking, 밤에 쓰는|Night-Written, 작은 방의|Small-Room, 돌아보면|Looking Back, 바닷가|Seaside, 산 아래|Under the Hill, 낡은|Worn, 봄날|Spring-Day, 긴|Long, 짧은|Short,
  우리 동네|Our Town’s, 아무튼 나의|Anyway My, 물끄러미|Gazing, 문득|Suddenly, 오늘도|Today Again, 멀리서 온|From Afar, 첫차|First-Train, 막차|Last-Train, 겨울 끝|Winter’s-End, 여름 밤|Summer-Night`);
const essayB =
  words(`식탁|Table, 산책|Walk, 창문|Window, 마음|Heart, 고양이|Cat, 여행|Journey, 부엌|Kitchen, 편지|Letter, 사진|Photograph, 나무|Tree,
  강물|River, 문장|Sentence, 계단|Stairs, 침묵|Silence, 외투|Coat, 베란다|Veranda, 우산|Umbrella, 라디오|Radio, 골짜기|Valley, 별자리|Constellation,
  씨앗|Seed, 화석|Fossil, 신화|Myth, 도자기|Pottery, 지층|Stratum, 감정|Emotion, 꿈|Dream, 거울|Mirror, 이끼|Moss, 파도|Wave`);
const essayC =
  words(`온도|Temperature, 기록|Record, 역사|History, 심리학|Psychology, 사전|Dictionary, 풍경|Landscape, 위로|Comfort, 시간|Time, 쓸모|Use, 안부|Regards,
  철학|Philosophy, 발견|Discovery, 자리|Place, 무게|Weight, 언어|Language, 색깔|Colour, 생태|Ecology, 질문|Questions, 습작|Sketches, 일기|Diary,
  수업|Lessons, 박물지|Natural History, 그늘|Shade, 속도|Speed, 기쁨|Joy, 끝|End, 시작|Beginning, 뒷면|Other Side, 이름|Names, 노래|Songs`);

/** The grammar of each family; all words are common nouns, all titles are made up. */
export const grammars: Readonly<Record<TitleFamily, Grammar>> = {
  story: {
    a: storyA,
    b: storyB,
    c: storyC,
    patterns: [
      { ko: '{a} {b}의 {c}', en: 'The {c} of the {a} {b}' },
      { ko: '{a} {c}, 그리고 {b}', en: 'The {a} {c} and the {b}' },
      { ko: '{b}에 사는 {a} {c}', en: 'A {a} {c} Lives in the {b}' },
      { ko: '{a} {b}에서 만난 {c}', en: 'The {c} Met at the {a} {b}' },
      { ko: '{c}의 {a} {b}', en: 'The {c}’s {a} {b}' },
      { ko: '내 {c}에게는 {a} {b}', en: 'My {c} Has a {a} {b}' },
    ],
  },
  business: {
    a: businessA,
    b: businessB,
    c: businessC,
    patterns: [
      { ko: '{a} {b}의 {c}', en: 'The {c} of {a} {b}' },
      { ko: '{b}의 {c}: {a} 이야기', en: '{b} {c}: A {a} Story' },
      { ko: '{a} {b} {c}', en: '{a} {b} {c}' },
      { ko: '{c}가 되는 {a} {b}', en: '{a} {b} as {c}' },
      { ko: '왜 {a} {b}에 {c}인가', en: 'Why {c} for {a} {b}' },
    ],
  },
  technical: {
    a: technicalA,
    b: technicalB,
    c: technicalC,
    patterns: [
      { ko: '{a} {b} {c}', en: '{a} {b} {c}' },
      { ko: '{b} {c}: {a} 방법', en: '{b} {c}: The {a} Way' },
      { ko: '{a} {b}와 {c}', en: '{a} {b} and {c}' },
    ],
  },
  essay: {
    a: essayA,
    b: essayB,
    c: essayC,
    patterns: [
      { ko: '{a} {b}의 {c}', en: 'The {c} of the {a} {b}' },
      { ko: '{a} {c}, {b}에게', en: '{a} {c}, to a {b}' },
      { ko: '{b}와 {c} 사이, {a} 날', en: 'Between {b} and {c}: {a}' },
      { ko: '{c}, {a} {b}', en: '{c}: A {a} {b}' },
      { ko: '{a} {b}라는 {c}', en: 'A {a} {b} Called {c}' },
    ],
  },
};
