/** Where readers come from. */
export const referrerClasses = [
  'internal',
  'direct',
  'search',
  'social',
  'mail',
  'paid',
  'assistant',
  'other',
] as const;
export type ReferrerClass = (typeof referrerClasses)[number];

/** A site that sends readers. */
export interface ReferrerSite {
  readonly name: string;
  readonly class: ReferrerClass;
}

/** Hosts by class, as `name: host host …`; a host counts with all below it, and `google.*` with every ending. */
const table: Readonly<Partial<Record<ReferrerClass, readonly string[]>>> = {
  search: [
    'Google: google.* com.google.android.googlequicksearchbox',
    'Naver: search.naver.com m.search.naver.com search.shopping.naver.com book.naver.com naver.com',
    'Daum: search.daum.net m.search.daum.net daum.net',
    'Zum: search.zum.com zum.com',
    'Nate: search.nate.com nate.com',
    'Bing: bing.com',
    'Yahoo: search.yahoo.com yahoo.com search.yahoo.co.jp yahoo.co.jp',
    'DuckDuckGo: duckduckgo.com',
    'Yandex: yandex.*',
    'Baidu: baidu.com',
    'Sogou: sogou.com',
    'Ecosia: ecosia.org',
    'Brave: search.brave.com',
    'Startpage: startpage.com',
    'Qwant: qwant.com',
    'Seznam: search.seznam.cz',
    'Kagi: kagi.com',
  ],
  social: [
    'Facebook: facebook.com fb.com fb.me com.facebook.katana',
    'Instagram: instagram.com com.instagram.android',
    'Threads: threads.net threads.com',
    'X: twitter.com x.com t.co com.twitter.android',
    'YouTube: youtube.com youtu.be com.google.android.youtube',
    'TikTok: tiktok.com',
    'Pinterest: pinterest.* pin.it',
    'LinkedIn: linkedin.com lnkd.in',
    'Reddit: reddit.com',
    'Kakao: kakao.com kakaocorp.com story.kakao.com pf.kakao.com com.kakao.talk brunch.co.kr',
    'Naver Blog: blog.naver.com m.blog.naver.com',
    'Naver Cafe: cafe.naver.com m.cafe.naver.com',
    'Naver Post: post.naver.com',
    'Band: band.us',
    'Tistory: tistory.com',
    'Daum Cafe: cafe.daum.net m.cafe.daum.net',
    'Line: line.me',
    'Bluesky: bsky.app',
    'Mastodon: mastodon.social',
    'Discord: discord.com discordapp.com',
    'Telegram: t.me telegram.org org.telegram.messenger',
    'WhatsApp: whatsapp.com wa.me',
    'Goodreads: goodreads.com',
    'Weibo: weibo.com weibo.cn',
    'VK: vk.com',
    'DC Inside: dcinside.com',
    'Clien: clien.net',
    'TheQoo: theqoo.net',
    'FM Korea: fmkorea.com',
    'Ruliweb: ruliweb.com',
    'Ppomppu: ppomppu.co.kr',
  ],
  mail: [
    'Gmail: mail.google.com com.google.android.gm',
    'Naver Mail: mail.naver.com m.mail.naver.com',
    'Daum Mail: mail.daum.net mail.kakao.com mail2.daum.net',
    'Nate Mail: mail.nate.com mail3.nate.com',
    'Outlook: outlook.live.com outlook.office.com outlook.office365.com mail.live.com',
    'Yahoo Mail: mail.yahoo.com mail.yahoo.co.jp',
    'Stibee: stibee.com stib.ee',
    'iCloud Mail: icloud.com',
  ],
  paid: [
    'Google Ads: googleadservices.com doubleclick.net googlesyndication.com adservice.google.*',
    'Naver Ads: adcr.naver.com cr.shopping.naver.com cr2.shopping.naver.com siape.veta.naver.com g.tivan.naver.com',
    'Kakao Ads: ad.daum.net track.tiara.kakao.com display.ad.daum.net',
    'Criteo: criteo.com criteo.net',
    'Taboola: taboola.com',
    'Outbrain: outbrain.com',
    'Dable: dable.io',
    'Mobon: mediacategory.com mobon.net',
  ],
  assistant: [
    'ChatGPT: chatgpt.com chat.openai.com',
    'Perplexity: perplexity.ai',
    'Gemini: gemini.google.com',
    'Claude: claude.ai',
    'Copilot: copilot.microsoft.com',
    'Clova X: clova-x.naver.com',
  ],
};

const sites: ReadonlyMap<string, ReferrerSite> = new Map(
  Object.entries(table).flatMap(([kind, lines]) =>
    lines.flatMap((line) => {
      const [name = '', hosts = ''] = line.split(': ');
      const site: ReferrerSite = { name, class: kind as ReferrerClass };
      return hosts.split(' ').map((host) => [host, site] as const);
    }),
  ),
);

/** The known site that a host belongs to: the longest host of the table that it ends with. */
export function siteOf(host: string): ReferrerSite | undefined {
  for (let at = 0; at >= 0;) {
    const rest = at === 0 ? host : host.slice(at);
    const found = sites.get(rest) ?? sites.get(anyEnding(rest));
    if (found !== undefined) return found;
    const dot = host.indexOf('.', at);
    at = dot < 0 ? -1 : dot + 1;
  }
  return undefined;
}

/** `google.co.kr` as `google.*`; endings are one or two parts of at most three letters, or one of a country. */
function anyEnding(host: string): string {
  return host.replace(/\.(?:com?\.)?[a-z]{2,3}$/, '.*');
}
