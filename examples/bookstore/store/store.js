// What a store's own script does: it shows titles and tells the tracker what readers do with them. Page views,
// lists that were seen, and how far a page was read, the tracker finds by itself.
import { textsOf } from './texts.js';

const texts = textsOf(navigator.language);
const list = 'weekly';
const currency = 'KRW';
/** Shown where the reader may not see the lists of the API, which is open to this machine in the demo only. */
const ownTitles = [
  { item_id: 't0000001', title: '책상 위의 바다', author: '윤서우', list_price: '12600' },
  { item_id: 't0000002', title: '늦은 저녁의 도서관', author: '한지안', list_price: '9800' },
  { item_id: 't0000003', title: '종이로 만든 달', author: '서이현', list_price: '14000' },
];

const state = { titles: ownTitles, cart: [], reader: sessionStorage.getItem('reader') };
const $ = (selector) => document.querySelector(selector);
const main = $('main');
const english = texts.language === 'en';
const titleOf = (title) => (english && title.title_en) || title.title;
const authorOf = (title) => (english && title.author_en) || title.author || '';
const priceOf = (title) => Number(title.list_price ?? 9000);
const money = new Intl.NumberFormat(texts.language, { style: 'currency', currency });
const named = (id) => state.titles.find((title) => title.item_id === id);

/** Calls the tracker, and shows the call beside the page. */
function tell(method, ...values) {
  window.octavo[method](...values);
  const line = document.createElement('li');
  const call = document.createElement('code');
  call.textContent = `octavo.${method}(${values.map((value) => JSON.stringify(value)).join(', ')})`;
  line.append(call);
  $('#calls').prepend(line);
  while ($('#calls').childElementCount > 8) $('#calls').lastElementChild.remove();
}

/** An element with its attributes, and texts or elements in it. */
function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

const button = (text, action, id, more = {}) =>
  make('button', { type: 'button', 'data-do': action, 'data-id': id, ...more }, text);

function cover(title) {
  const hue = [...title.item_id].reduce((sum, letter) => sum + letter.charCodeAt(0) * 7, 0) % 6;
  return make('span', { class: `cover c${hue}`, 'aria-hidden': 'true' }, titleOf(title));
}

function shelf() {
  const items = state.titles.map((title, index) =>
    make(
      'li',
      {
        'data-octavo-item': title.item_id,
        'data-octavo-name': title.title,
        'data-octavo-price': String(priceOf(title)),
      },
      make(
        'a',
        { href: `/store/titles/${title.item_id}` },
        cover(title),
        make('span', { class: 'rank' }, String(index + 1)),
        make('strong', {}, titleOf(title)),
        make('span', { class: 'author' }, authorOf(title)),
      ),
      make('span', { class: 'price' }, money.format(priceOf(title))),
      button(texts.add, 'add', title.item_id),
    ),
  );
  return [
    make('h1', {}, texts.list),
    make('ol', { class: 'shelf', 'data-octavo-list': list, 'data-octavo-list-name': texts.list }, ...items),
  ];
}

function detail(title) {
  const stars = [1, 2, 3, 4, 5].map((rating) =>
    button('★', 'rate', title.item_id, { 'data-rating': String(rating), 'aria-label': `${rating} / 5` }),
  );
  return [
    make('p', {}, make('a', { href: '/store/' }, `← ${texts.list}`)),
    make(
      'article',
      {},
      cover(title),
      make(
        'div',
        {},
        make('h1', {}, titleOf(title)),
        make('p', { class: 'author' }, authorOf(title)),
        make('p', { class: 'price' }, money.format(priceOf(title))),
        make(
          'p',
          { class: 'buttons' },
          button(texts.add, 'add', title.item_id, { class: 'main' }),
          button(texts.read, 'read', title.item_id),
        ),
        make('p', { class: 'stars', role: 'group', 'aria-label': texts.rate }, ...stars),
        make('p', { class: 'note' }, state.reader === null ? texts.signFirst : ''),
      ),
    ),
  ];
}

function cart() {
  const items = state.cart.map((id) => named(id));
  const sum = items.reduce((total, title) => total + priceOf(title), 0);
  const lines = items.map((title) =>
    make(
      'li',
      {},
      make('strong', {}, titleOf(title)),
      make('span', { class: 'price' }, money.format(priceOf(title))),
    ),
  );
  const pay = button(`${texts.pay} ${money.format(sum)}`, 'pay', '', { class: 'main' });
  return [
    make('p', {}, make('a', { href: '/store/' }, `← ${texts.list}`)),
    make('h1', {}, texts.cart),
    ...(items.length === 0
      ? [make('p', { class: 'note' }, texts.empty)]
      : [make('ul', { class: 'lines' }, ...lines), pay]),
  ];
}

/** Shows what stands at the address. */
function show() {
  const [, , part, id] = location.pathname.split('/');
  const title = part === 'titles' ? named(id) : undefined;
  main.replaceChildren(...(part === 'cart' ? cart() : title === undefined ? shelf() : detail(title)));
  document.title = `${title === undefined ? (part === 'cart' ? texts.cart : texts.list) : titleOf(title)} · ${texts.store}`;
  if (title !== undefined) tell('viewItem', title.item_id);
  $('#count').value = String(state.cart.length);
  $('[data-do=sign]').textContent = state.reader === null ? texts.signIn : texts.signOut;
}

function go(path) {
  history.pushState(null, '', path);
  show();
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

const itemOf = (title) => ({ item_id: title.item_id, price: priceOf(title), quantity: 1 });

const actions = {
  agree: () => consent(true),
  refuse: () => consent(false),
  cart: () => go('/store/cart'),
  sign: () => {
    state.reader = state.reader === null ? 'r0000001' : null;
    if (state.reader === null) {
      sessionStorage.removeItem('reader');
      tell('reset');
    } else {
      sessionStorage.setItem('reader', state.reader);
      tell('identify', state.reader, { language: texts.language });
    }
    show();
  },
  add: ({ id }) => {
    const title = named(id);
    state.cart.push(id);
    $('#count').value = String(state.cart.length);
    tell('addToCart', itemOf(title), { value: priceOf(title), currency });
  },
  read: ({ id }) => tell('readProgress', id, 0.25, { seconds: 600 }),
  rate: ({ id, rating }, pressed) => {
    for (const star of pressed.parentElement.children)
      star.classList.toggle('on', Number(star.dataset.rating) <= Number(rating));
    tell('rate', id, Number(rating));
  },
  pay: () => {
    const items = state.cart.map((id) => itemOf(named(id)));
    const value = items.reduce((sum, { price }) => sum + price, 0);
    tell('purchase', { transaction_id: crypto.randomUUID(), value, currency, items });
    state.cart = [];
    main.replaceChildren(
      make('h1', {}, texts.thanks),
      make('p', {}, make('a', { href: '/store/' }, `← ${texts.list}`)),
    );
    $('#count').value = '0';
  },
};

function consent(analytics) {
  localStorage.setItem('consent', analytics ? 'yes' : 'no');
  tell('consent', { analytics });
  $('.consent').hidden = true;
}

document.addEventListener('click', (event) => {
  const pressed = event.target.closest('button[data-do]');
  if (pressed !== null) return actions[pressed.dataset.do](pressed.dataset, pressed);
  const link = event.target.closest('a[href^="/store/"]');
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return undefined;
  event.preventDefault();
  return go(link.getAttribute('href'));
});
addEventListener('popstate', show);

document.documentElement.lang = texts.language;
for (const element of document.querySelectorAll('[data-text]'))
  element.textContent = texts[element.dataset.text];
const answered = localStorage.getItem('consent');
if (answered === null) $('.consent').hidden = false;
else consent(answered === 'yes');
const answer = await fetch(`/v1/bestsellers/${list}?limit=12`).catch(() => undefined);
const titles = answer?.ok === true ? (await answer.json()).items : [];
if (titles.length > 0) state.titles = titles;
show();
