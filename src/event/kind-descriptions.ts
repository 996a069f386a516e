/** What an event of a kind says, in a sentence. */
export interface KindDescription {
  readonly en: string;
  readonly ko: string;
}

/** Every kind of the catalogue in both languages. */
export const kindDescriptions = {
  page_view: { en: 'A page of the store was shown.', ko: '스토어의 페이지를 보았습니다.' },
  screen_view: { en: 'A screen of an app was shown.', ko: '앱의 화면을 보았습니다.' },
  search: { en: 'A reader searched.', ko: '독자가 검색했습니다.' },
  view_item_list: {
    en: 'A list of titles was shown; each item carries its list and position.',
    ko: '책 목록을 보았습니다. 책마다 목록 이름과 자리가 있습니다.',
  },
  select_item: { en: 'A title of a list was clicked.', ko: '목록에서 책을 눌렀습니다.' },
  view_item: { en: "A title's page was shown.", ko: '책의 페이지를 보았습니다.' },
  read_sample: { en: 'A sample of a title was opened.', ko: '미리보기를 열었습니다.' },
  add_to_wishlist: { en: 'A title was put on the wish list.', ko: '책을 위시리스트에 담았습니다.' },
  add_to_cart: { en: 'Titles were put into the cart.', ko: '책을 장바구니에 담았습니다.' },
  remove_from_cart: { en: 'Titles were taken out of the cart.', ko: '책을 장바구니에서 뺐습니다.' },
  view_cart: { en: 'The cart was shown.', ko: '장바구니를 보았습니다.' },
  begin_checkout: { en: 'A checkout began.', ko: '결제를 시작했습니다.' },
  add_payment_info: { en: 'A way to pay was chosen.', ko: '결제 수단을 골랐습니다.' },
  purchase: { en: 'An order was paid.', ko: '주문을 결제했습니다.' },
  rent: { en: 'Titles were rented.', ko: '책을 대여했습니다.' },
  subscribe: { en: 'A subscription began or was renewed.', ko: '구독을 시작했거나 갱신했습니다.' },
  unsubscribe: { en: 'A subscription was ended.', ko: '구독을 끝냈습니다.' },
  refund: {
    en: 'An order, or the named items of it, was refunded.',
    ko: '주문 전체나 그 가운데 일부를 환불했습니다.',
  },
  gift: { en: 'Titles were given to another reader.', ko: '책을 다른 독자에게 선물했습니다.' },
  sign_up: { en: 'A reader signed up.', ko: '독자가 가입했습니다.' },
  login: { en: 'A reader logged in.', ko: '독자가 로그인했습니다.' },
  rate: { en: 'A reader rated a title.', ko: '독자가 책에 별점을 주었습니다.' },
  review: { en: 'A reader reviewed a title.', ko: '독자가 리뷰를 썼습니다.' },
  read_progress: {
    en: 'A reader has come to a place in a title.',
    ko: '독자가 책의 어느 자리까지 읽었습니다.',
  },
  finish_reading: { en: 'A reader came to the end of a title.', ko: '독자가 책을 끝까지 읽었습니다.' },
  view_promotion: { en: 'A promotion was shown.', ko: '프로모션을 보았습니다.' },
  select_promotion: { en: 'A promotion was clicked.', ko: '프로모션을 눌렀습니다.' },
  share: { en: 'A title or page was shared.', ko: '책이나 페이지를 공유했습니다.' },
  identify: {
    en: 'A reader became known, with what the store knows of them.',
    ko: '독자가 누구인지, 스토어가 아는 정보와 함께 밝혀졌습니다.',
  },
  group: {
    en: 'A reader belongs to a group, such as a family, a class or a library.',
    ko: '독자가 가족, 학급, 도서관 같은 모임에 속합니다.',
  },
  click: { en: 'A link to another host was clicked.', ko: '다른 사이트로 가는 링크를 눌렀습니다.' },
  page_engagement: {
    en: 'A page was left or hidden; how it was used since it was shown, or since the last such event.',
    ko: '페이지를 떠났거나 가렸습니다. 보인 뒤, 또는 앞의 이벤트 뒤로 어떻게 쓰였는지 담습니다.',
  },
  web_vitals: {
    en: "How fast and steady a page's load was.",
    ko: '페이지가 얼마나 빠르고 안정되게 열렸는지 잰 값입니다.',
  },
  script_error: { en: 'A script of a page failed.', ko: '페이지의 스크립트에 오류가 났습니다.' },
  tracker_report: {
    en: 'The tracker of a page had to give up events.',
    ko: '페이지의 트래커가 이벤트를 버려야 했습니다.',
  },
} as const satisfies Readonly<Record<string, KindDescription>>;
