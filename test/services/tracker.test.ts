import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { StoredEvent } from '../../src/event/index.ts';
import { launchBrowser } from './console-world.ts';
import { openTrackerWorld, type TrackerWorld } from './tracker-world.ts';
import { patienceMs, until } from './until.ts';

/** The stub of docs/guides/tracker.md. */
const stub = `<script>window.octavo ||= new Proxy({ q: [] }, { get: ({ q }, m) => m === 'q' ? q :
  (...a) => { if (q.length < 100) q.push([new Date().getTime(), m, ...a]) } })</script>`;

/** A kind that only the test sends. */
const counted = 'test_click';

describe('the tracker in Chromium', { concurrency: 2 }, () => {
  let world: TrackerWorld;
  let browser: Browser;
  before(async () => {
    [world, browser] = await Promise.all([openTrackerWorld(), launchBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  /** A page with the tag; the tracker gathers 20 ms only, so that tests are short. */
  const pageOf = (key: string, attributes = '', body = '', head = ''): string =>
    world.page(`<!doctype html><title>Store</title>${stub}${head}
      <script async src="/o/o.js" data-key="${key}" data-delay-ms="20" ${attributes}></script>
      <body>${body}`);
  const quiet = 'data-off="pages impressions outbound scroll engagement vitals errors"';
  /** Waits 2 s for an answer, and what a page took with it is free for the next a second later. */
  const hasty = `${quiet} data-timeout-ms="2000"`;

  const open = async (
    run: (context: BrowserContext) => Promise<void>,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<void> => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(patienceMs);
    try {
      await run(context);
    } finally {
      await context.close();
    }
  };
  const go = async (context: BrowserContext, address: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };
  /** Calls of `track` in the page; the ids that it gave. */
  const track = (page: Page, events: number): Promise<readonly string[]> =>
    page.evaluate(`Array.from({ length: ${events} }, (_, n) => octavo.track('${counted}', { n }))`);
  const ready = (page: Page): Promise<unknown> => page.waitForFunction('octavo.q === undefined');
  const ofKind = (events: readonly StoredEvent[], kind: string): readonly StoredEvent[] =>
    events.filter((event) => event.kind === kind);
  /** Waits for the ids; each must be there once. */
  const arrived = async (source: string, ids: readonly string[]): Promise<readonly StoredEvent[]> => {
    const events = await world.until(source, (all) => {
      const known = new Set(all.map(({ id }) => id));
      return ids.every((id) => known.has(id));
    });
    const stored = ofKind(events, counted).map(({ id }) => id);
    assert.deepEqual(stored.toSorted(), [...ids].toSorted());
    assert.deepEqual((await world.log(source)).failed, []);
    return events;
  };

  test('watches a page and what is told before it has loaded', async () => {
    const key = world.key('whole');
    const list = `<section data-octavo-list="weekly" data-octavo-list-name="Weekly">
      <p><a data-octavo-item="t1" data-octavo-name="One">one</a> <p><a data-octavo-item="t2">two</a></section>
      <button id="slow" onclick="for (const end = performance.now() + 120; performance.now() < end;);">slow</button>
      <div style="height:3000px"></div><p><a data-octavo-item="t3" data-octavo-price="9000">three</a>
      <p><a id="out" href="${world.collector}/elsewhere">out</a>`;
    const early = `<script>octavo.identify('r1', { language: 'ko' }); octavo.viewItem('t9');</script>`;
    await open(async (context) => {
      const address = `${pageOf(key, '', list, early)}?utm_source=mail&utm_campaign=spring&gclid=c1#top`;
      const page = await go(context, address);
      await ready(page);
      // What a script does is not the reader's scrolling.
      await page.evaluate(`new Promise((done) => {
        addEventListener('scroll', () => setTimeout(done, 50), { once: true }); scrollTo(0, 1500) })`);
      await page.evaluate('scrollTo(0, 0)');
      await page.locator('#slow').click();
      await page.locator('[data-octavo-item=t2]').click();
      await page.evaluate(`document.title = 'Second';
        history.pushState({}, '', '/p/next?a=1');
        setTimeout(() => { throw new Error('broken') });`);
      const events = await world.until(
        'whole',
        (all) =>
          ofKind(all, 'page_view').length === 2 &&
          ofKind(all, 'view_item_list').length > 0 &&
          ofKind(all, 'script_error').length > 0,
      );
      await scrollDown(page);
      // Another host of the same site: a page that is left for another site has half a second for its last words.
      await page.locator('#out').click();
      await page.waitForURL(`${world.collector}/elsewhere`);
      const last = await world.until(
        'whole',
        (all) =>
          ofKind(all, 'click').length === 1 &&
          ofKind(all, 'page_engagement').length >= 2 &&
          ofKind(all, 'web_vitals').length === 1,
      );
      const views = ofKind(events, 'page_view').toSorted((a, b) => (a.id < b.id ? -1 : 1));
      assert.equal(views[0]?.page?.url, address.replace('#top', ''));
      assert.equal(views[1]?.page?.url, `${world.store}/p/next?a=1`);
      assert.deepEqual([views[1]?.page?.title, views[1]?.page?.referrer], ['Second', views[0]?.page?.url]);
      for (const view of views)
        assert.deepEqual(view.properties?.['campaign'], { source: 'mail', campaign: 'spring', gclid: 'c1' });
      assert.deepEqual(ofKind(events, 'view_item')[0]?.items, [{ item_id: 't9' }]);
      const shown = ofKind(events, 'view_item_list').flatMap(({ items = [] }) => items);
      assert.deepEqual(shown.filter(({ item_list_id: list }) => list === 'weekly').slice(0, 2), [
        { item_id: 't1', item_name: 'One', item_list_id: 'weekly', item_list_name: 'Weekly', index: 1 },
        { item_id: 't2', item_list_id: 'weekly', item_list_name: 'Weekly', index: 2 },
      ]);
      assert.equal(
        shown.some(({ item_id: id }) => id === 't3'),
        false,
        'nobody has scrolled to it',
      );
      assert.equal(ofKind(events, 'select_item')[0]?.items?.[0]?.item_id, 't2');
      assert.match(String(ofKind(events, 'script_error')[0]?.properties?.['message']), /broken/);
      const { link_url: link, link_domain: domain } = ofKind(last, 'click')[0]?.properties ?? {};
      assert.deepEqual([link, domain], [`${world.collector}/elsewhere`, '127.0.0.1']);
      const inTime = ofKind(last, 'page_engagement').toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const depths = inTime.map(({ properties }) => properties?.['scroll_depth']);
      assert.ok(depths.includes(1), String(depths));
      assert.ok(
        Number(depths[0]) > 0.1 && Number(depths[0]) < 0.4,
        `the first screen's share: ${String(depths)}`,
      );
      const vitals = ofKind(last, 'web_vitals')[0]?.properties ?? {};
      for (const name of ['lcp_ms', 'fcp_ms', 'ttfb_ms', 'cls'])
        assert.equal(typeof vitals[name], 'number', name);
      assert.ok(Number(vitals['inp_ms']) >= 100, `INP ${String(vitals['inp_ms'])}`);
      const [one, ...others] = [...new Set(last.map(({ session_id: id }) => id))];
      assert.ok(one !== undefined && others.length === 0, 'one visit');
      assert.ok(
        last.every(({ reader_id: reader, device_id: device }) => reader === 'r1' && device !== undefined),
      );
      assert.deepEqual((await world.log('whole')).failed, []);
      assert.ok(world.requests.every(({ contentType }) => contentType.startsWith('text/plain')));
    });
  });

  test('tabs that a browser opens in the same instant are one device in one visit', async () => {
    for (let round = 0; round < 3; round++) {
      const key = world.key(`instant${round}`);
      await open(async (context) => {
        const address = pageOf(key, quiet, '', `<script>octavo.track('${counted}')</script>`);
        const pages = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
        await Promise.all(pages.map((page) => page.goto(address)));
        const events = await world.until(`instant${round}`, (all) => all.length === pages.length);
        const who = new Set(events.map(({ device_id: device, session_id: visit }) => `${device} ${visit}`));
        assert.equal(who.size, 1, [...who].join(', '));
      });
    }
  });

  test('no call throws, whatever it is given; the console is told when the page debugs', async () => {
    for (const debug of [false, true]) {
      const source = `wrong${debug}`;
      const key = world.key(source);
      await open(async (context) => {
        const page = await context.newPage();
        const [thrown, warned]: [string[], string[]] = [[], []];
        page.on('pageerror', ({ message }) => thrown.push(message));
        page.on('console', (message) => warned.push(message.text()));
        // Without IntersectionObserver no impressions, and all the rest.
        await context.addInitScript('delete window.IntersectionObserver');
        await page.goto(pageOf(key, debug ? 'data-debug="on"' : ''));
        await ready(page);
        await page.evaluate(`{
          const round = {}; round.round = round;
          for (const value of [undefined, null, 3, 'x', [], {}, [null], round, Symbol('s'), 10n, () => {}])
            for (const name of Object.keys(octavo))
              if (name !== 'consent' && name !== 'reset') octavo[name](value, value, value);
          octavo.consent(); octavo.consent({ analytics: true });
        }`);
        const [id] = await track(page, 1);
        await world.sent(source, id ?? '');
        assert.deepEqual(thrown, []);
        assert.equal(
          warned.some((text) => text.startsWith('octavo: ') && !text.includes('\n')),
          debug,
        );
        if (!debug) assert.deepEqual(warned, []);
        const { events } = await world.log(source);
        assert.equal(ofKind(events, 'page_view').length >= 1, true);
      });
    }
  });

  test('each part can be switched off', async () => {
    const key = world.key('quiet');
    await open(async (context) => {
      const page = await go(context, pageOf(key, quiet, '<a data-octavo-item="t1">one</a>'));
      await ready(page);
      const ids = await track(page, 1);
      await page.goto('about:blank');
      const events = await arrived('quiet', ids);
      assert.deepEqual(
        events.map(({ kind }) => kind),
        [counted],
      );
    });
  });

  test('a reload in mid-send loses nothing and doubles nothing', async () => {
    const key = world.key('reload');
    world.disturb(key, (request) => ({ delayMs: request % 2 === 0 ? 400 : 0 }));
    await open(async (context) => {
      const page = await go(context, pageOf(key, hasty));
      const ids: string[] = [];
      for (let round = 0; round < 4; round++) {
        await ready(page);
        const posted = round % 2 === 0 && page.waitForRequest((request) => request.method() === 'POST');
        ids.push(...(await track(page, 15)));
        // The first request is on its way, later ones are not.
        if (posted) await posted;
        ids.push(...(await track(page, 5)));
        await page.reload();
      }
      await ready(page);
      await arrived('reload', ids);
    });
  });

  test('offline, and back: everything is sent, also over a reload', async () => {
    const key = world.key('offline');
    await open(async (context) => {
      const address = pageOf(key, quiet);
      const page = await go(context, address);
      await ready(page);
      await context.setOffline(true);
      const failed = page.waitForEvent('requestfailed');
      const ids = [...(await track(page, 20))];
      await failed;
      assert.equal((await world.log('offline')).events.length, 0);
      await page.close();
      await context.setOffline(false);
      const again = await go(context, address);
      await ready(again);
      await context.setOffline(true);
      const failedAgain = again.waitForEvent('requestfailed');
      ids.push(...(await track(again, 3)));
      await failedAgain;
      await context.setOffline(false);
      await arrived('offline', ids);
    });
  });

  test('two tabs send each event once', async () => {
    const key = world.key('tabs');
    world.disturb(key, () => ({ delayMs: 60 }));
    await open(async (context) => {
      const address = pageOf(key, quiet);
      const first = await go(context, address);
      await ready(first);
      const ids = [...(await track(first, 1))];
      const pages = [first, await go(context, address)];
      await Promise.all(pages.map(ready));
      for (let round = 0; round < 6; round++) {
        const made = await Promise.all(pages.map((page) => track(page, 10)));
        ids.push(...made.flat());
      }
      const events = await arrived('tabs', ids);
      const sent = world.requests.filter((request) => request.key === key).flatMap((request) => request.ids);
      assert.equal(sent.length, ids.length, 'no event was sent by both');
      const devices = new Set(events.map(({ device_id: device, session_id: visit }) => `${device} ${visit}`));
      assert.equal(devices.size, 1, 'one reader in one visit');
    });
  });

  /** Makes an event as the page is left, after the tracker itself has heard of it, and keeps its id. */
  const lastWords = `addEventListener('pagehide', () => { localStorage.said = octavo.track('${counted}', { last: true }) }, true)`;
  /** The id of that event; a browser that is busy may end a page before it could say anything. */
  const saidBy = async (context: BrowserContext): Promise<string | undefined> => {
    const page = await go(context, world.page('<!doctype html>'));
    const id = await page.evaluate<string | undefined>('localStorage.said');
    await page.close();
    return id;
  };

  test('what happens as a page is closed is sent by it, and what it could not send by the next', async () => {
    const key = world.key('close');
    await open(async (context) => {
      const ids: string[] = [];
      let last: string | undefined;
      for (let round = 0; round < 10 && last === undefined; round++) {
        const page = await go(context, pageOf(key, hasty, '', `<script>${lastWords}</script>`));
        await ready(page);
        ids.push(...(await track(page, 2)));
        const closed = page.waitForEvent('close');
        await page.close({ runBeforeUnload: true });
        await closed;
        last = await saidBy(context);
      }
      await world.sent('close', last ?? '');
      const { events } = await world.log('close');
      ids.push(...events.filter(({ properties }) => properties?.['last'] === true).map(({ id }) => id));
      world.disturb(key, () => ({ cut: 'before' }));
      const second = await go(context, pageOf(key, hasty));
      await ready(second);
      ids.push(...(await track(second, 30)));
      await second.close();
      world.disturb(key);
      const third = await go(context, pageOf(key, hasty));
      await ready(third);
      await arrived('close', ids);
    });
  });

  for (const way of ['fetch', 'beacon'])
    test(`a page that is left while a request is under way sends the rest by ${way}`, async () => {
      const key = world.key(way);
      world.disturb(key, (request) => (request === 0 ? { delayMs: 2000 } : undefined));
      await open(async (context) => {
        // A browser whose fetch does not outlive the page.
        if (way === 'beacon') await context.addInitScript('delete Request.prototype.keepalive');
        const page = await go(context, pageOf(key, quiet));
        await ready(page);
        const posted = page.waitForRequest((request) => request.method() === 'POST');
        const ids = await page.evaluate<readonly string[]>(`${lastWords}; [octavo.track('${counted}')]`);
        await posted;
        await page.goto(world.page('<!doctype html>'));
        const said = await page.evaluate<string>('localStorage.said');
        // Nothing of the tracker is in the page that came: the one that was left has sent both.
        await arrived(way, [...ids, said]);
        assert.ok(
          world.requests.some(
            ({ key: one, contentType }) => one === key && contentType.startsWith('text/plain'),
          ),
        );
      });
    });

  test('works as a module, of which two keep apart by their keys', async () => {
    const [one, other] = [world.key('module'), world.key('other')];
    await open(async (context) => {
      const page = await go(
        context,
        world.page(`<!doctype html><script type="module">
          import { createTracker } from '/npm/tracker.js';
          const make = (key) => createTracker({ key, url: location.origin + '/o/e', delayMs: 20, app: { name: 'shop' },
            off: ['pages', 'impressions', 'engagement', 'scroll', 'vitals', 'errors', 'outbound'],
            before: (event) => event.kind === 'secret' ? undefined : event });
          [window.octavo, window.other] = [make('${one}'), make('${other}')];</script>`),
      );
      await page.waitForFunction('window.other !== undefined');
      await page.evaluate(`octavo.track('secret'); other.track('${counted}')`);
      const events = await arrived('module', await track(page, 2));
      assert.deepEqual(events[0]?.app, { name: 'shop', platform: 'web' });
      assert.equal(events.length, 2);
      assert.equal((await world.until('other', (all) => all.length > 0)).length, 1);
    });
  });

  test('a slow and failing collector: attempts grow rarer, Retry-After is kept, answers that got lost double nothing', async () => {
    const key = world.key('failing');
    const faults = [
      { status: 503, retryAfter: '2' },
      { cut: 'after' },
      { status: 429 },
      { cut: 'before' },
      { delayMs: 2500 },
    ] as const;
    world.disturb(key, (request) => faults[request]);
    await open(async (context) => {
      const page = await go(context, pageOf(key, hasty));
      await ready(page);
      const ids = await track(page, 10);
      const tries = (): readonly { readonly atMs: number; readonly attempt: number }[] =>
        world.requests.filter((request) => request.key === key);
      await until(() => tries().length >= 2);
      const [first, second] = tries();
      assert.ok((second?.atMs ?? 0) - (first?.atMs ?? 0) >= 2000, 'Retry-After');
      // Time passes in the page, not in the test.
      await until(async () => {
        await page.evaluate(`window.dispatchEvent(new Event('online'))`);
        return tries().length >= faults.length + 1;
      });
      await arrived('failing', ids);
    });
  });

  test('a refused batch is given up and reported, a too large one is cut up', async () => {
    const key = world.key('refused');
    world.disturb(key, (request, events) =>
      request === 0 ? { status: 400 } : events > 3 ? { status: 413 } : undefined,
    );
    await open(async (context) => {
      const page = await go(context, pageOf(key, `${quiet} data-outbox-max="8"`));
      await ready(page);
      await track(page, 3);
      await page.waitForFunction(`!Object.keys(localStorage).some((name) => name.includes('.e.'))`);
      const ids = [...(await track(page, 1))];
      await world.until('refused', (all) => ofKind(all, 'tracker_report').length === 1);
      await page.waitForFunction(`!Object.keys(localStorage).some((name) => name.includes('.e.'))`);
      const many = await track(page, 12);
      ids.push(...many.slice(0, 8));
      await page.evaluate(`octavo.track('test_large', { text: 'x'.repeat(70_000) })`);
      await page.evaluate(`octavo.rate('t1', 5)`);
      const events = await world.until('refused', (all) => ofKind(all, 'tracker_report').length >= 2);
      const reports = ofKind(events, 'tracker_report').map(({ properties }) => properties?.['reasons']);
      const sum: Record<string, number> = {};
      for (const reasons of reports as readonly Record<string, number>[])
        for (const reason in reasons) sum[reason] = (sum[reason] ?? 0) + (reasons[reason] ?? 0);
      assert.deepEqual(sum, { refused: 3, full: 4, large: 1, reader: 1 });
      await arrived('refused', ids);
    });
  });

  test('a clock that is wrong, and one that is put back', async () => {
    const key = world.key('clock');
    const skewMs = 3 * 3_600_000;
    await open(async (context) => {
      await context.addInitScript(clockScript(skewMs));
      const page = await go(context, pageOf(key, quiet));
      await ready(page);
      const ids = [...(await track(page, 5))];
      await arrived('clock', ids);
      await page.evaluate('skewMs = -86_400_000');
      ids.push(...(await track(page, 5)));
      const events = await arrived('clock', ids);
      // The collector puts right by how much the request's own time is off.
      for (const { occurred_at: occurred, received_at: received } of events)
        assert.ok(Math.abs(Date.parse(received) - Date.parse(occurred)) < 60_000, occurred);
      const visits = new Set(events.map(({ session_id: id }) => id));
      assert.equal(visits.size, 2, 'the visit did not go on for ever');
      assert.equal(new Set(events.map(({ device_id: id }) => id)).size, 1);
    });
  });

  test('a visit ends after 30 minutes without an event, or with another campaign', async () => {
    const key = world.key('visits');
    await open(async (context) => {
      await context.addInitScript(clockScript(0));
      const address = pageOf(
        key,
        'data-off="impressions outbound scroll engagement vitals errors" data-storage="cookie"',
      );
      const page = await go(context, `${address}?utm_source=mail`);
      await ready(page);
      await page.goto(address);
      await page.goto(`${address}?utm_source=mail`);
      await page.goto(`${address}?utm_source=ad`);
      await ready(page);
      await page.evaluate('skewMs = 31 * 60_000');
      await track(page, 1);
      const events = await world.until('visits', (all) => all.length === 5);
      const inOrder = events.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const visits = [...new Set(inOrder.map(({ session_id: id }) => id))];
      assert.deepEqual(
        inOrder.map(({ session_id: id }) => visits.indexOf(id)),
        [0, 0, 0, 1, 2],
      );
      const names = (await context.cookies()).map(({ name }) => name);
      assert.equal(names.length, 1, 'the cookie of the ids');
      assert.deepEqual(
        await page.evaluate(`Object.keys(localStorage).filter((name) => name.endsWith('.s'))`),
        [],
      );
    });
  });

  test('blocked storage: events are sent, ids last as long as the page', async () => {
    const key = world.key('blocked');
    await open(async (context) => {
      await context.addInitScript(`Object.defineProperty(window, 'localStorage', {
        get() { throw new DOMException('denied', 'SecurityError') } })`);
      const page = await go(context, pageOf(key, quiet));
      await ready(page);
      const events = await arrived('blocked', await track(page, 5));
      assert.equal(new Set(events.map(({ session_id: id }) => id)).size, 1);
    });
    const full = world.key('full');
    await open(async (context) => {
      await context.addInitScript(`Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError') }`);
      const page = await go(context, pageOf(full, quiet));
      await ready(page);
      await arrived('full', await track(page, 5));
    });
  });

  /** Everything that a page of the store has kept anywhere. */
  const kept = (page: Page): Promise<readonly string[]> =>
    page.evaluate(`(async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage),
      ...document.cookie.split('; ').filter((one) => one !== ''), ...(await caches.keys()),
      ...(await indexedDB.databases()).map(({ name }) => name)])()`);

  test('consent denied: nothing is stored, and no event has an id of a reader, device or visit', async () => {
    const key = world.key('denied');
    for (const storage of ['local', 'cookie']) {
      await open(async (context) => {
        const address = pageOf(
          key,
          `data-consent="denied" data-storage="${storage}"`,
          '',
          `<script>octavo.identify('r1')</script>`,
        );
        const page = await go(context, address);
        await ready(page);
        const ids = await track(page, 3);
        assert.deepEqual(await kept(page), []);
        const events = await world.until('denied', (all) =>
          ids.every((id) => all.some((one) => one.id === id)),
        );
        assert.ok(events.some(({ kind }) => kind === 'page_view'));
        for (const event of events) {
          assert.deepEqual(
            [event.reader_id, event.device_id, event.session_id],
            [undefined, undefined, undefined],
          );
          assert.ok(!JSON.stringify(event).includes('"r1"'));
        }
        assert.deepEqual(await kept(page), []);
      });
    }
    assert.deepEqual((await world.log('denied')).failed, []);
  });

  test('consent pending: nothing is sent until it is given; taken back, everything stored is gone', async () => {
    const key = world.key('pending');
    await open(async (context) => {
      const page = await go(context, pageOf(key, `${quiet} data-consent="pending"`));
      await ready(page);
      const ids = [...(await track(page, 3))];
      const known = await page.evaluate<string>(`octavo.identify('r7')`);
      await page.waitForTimeout(200);
      assert.deepEqual(await kept(page), []);
      assert.equal(world.requests.filter((request) => request.key === key).length, 0);
      await page.evaluate('octavo.consent({ analytics: true })');
      const events = await arrived('pending', ids);
      assert.ok(events.every(({ device_id: device }) => device !== undefined));
      const [told] = ofKind(events, 'identify');
      assert.deepEqual([told?.id, told?.reader_id], [known, 'r7']);
      assert.notDeepEqual(await kept(page), []);
      await page.evaluate('octavo.consent({ analytics: false })');
      assert.deepEqual(await kept(page), []);
      ids.push(...(await track(page, 1)));
      const [last] = (await arrived('pending', ids)).filter(({ id }) => id === ids.at(-1));
      assert.deepEqual([last?.device_id, last?.session_id], [undefined, undefined]);
      assert.deepEqual(await kept(page), []);
    });
    const refusing = world.key('nothing');
    await open(async (context) => {
      const page = await go(context, pageOf(refusing, `data-consent="denied" data-denied="nothing"`));
      await ready(page);
      await track(page, 2);
      await page.goto('about:blank');
      assert.equal(world.requests.filter((request) => request.key === refusing).length, 0);
    });
  });

  test('Global Privacy Control and Do Not Track hold against what was agreed to', async () => {
    for (const [signal, attribute] of [
      ['globalPrivacyControl', ''],
      ['doNotTrack', 'data-dnt="all"'],
    ] as const) {
      const key = world.key(signal);
      await open(async (context) => {
        await context.addInitScript(
          `Object.defineProperty(Navigator.prototype, '${signal}', { get: () => ${signal === 'doNotTrack' ? `'1'` : true} })`,
        );
        const page = await go(
          context,
          pageOf(
            key,
            `${quiet} ${attribute}`,
            '',
            '<script>octavo.consent({ analytics: true, ads: true })</script>',
          ),
        );
        await ready(page);
        const events = await arrived(signal, await track(page, 2));
        assert.ok(events.every(({ device_id: device }) => device === undefined));
        assert.deepEqual(await kept(page), []);
      });
    }
    const key = world.key('ignored');
    await open(async (context) => {
      await context.addInitScript(
        `Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })`,
      );
      const page = await go(context, pageOf(key, `${quiet} data-gpc="off"`));
      await ready(page);
      const events = await arrived('ignored', await track(page, 1));
      assert.notEqual(events[0]?.device_id, undefined);
    });
  });

  test('destinations load with consent only, and get the event with its id', async () => {
    const key = world.key('tags');
    const hosts = /googletagmanager|facebook|tiktok|daumcdn|naver/;
    const attributes = `data-ga4="G-1" data-meta="22" data-tiktok="T3" data-kakao="44" data-naver="s_5"`;
    await open(async (context) => {
      const asked: string[] = [];
      await context.route(hosts, (route) => {
        asked.push(new URL(route.request().url()).host);
        const body = route.request().url().includes('kp.js')
          ? kakaoScript
          : route.request().url().includes('wcslog')
            ? naverScript
            : '';
        return route.fulfill({ contentType: 'text/javascript', body });
      });
      const page = await go(context, pageOf(key, `${quiet} data-consent="denied" ${attributes}`));
      await ready(page);
      await track(page, 1);
      assert.deepEqual(asked, []);
      await page.evaluate('octavo.consent({ analytics: true })');
      await page.waitForFunction('window.dataLayer !== undefined');
      assert.equal(await page.evaluate(`'fbq' in window || 'ttq' in window`), false);
      await page.evaluate('octavo.consent({ ads: true })');
      const id =
        await page.evaluate<string>(`octavo.purchase({ transaction_id: 'o1', currency: 'KRW', value: 24_000,
        items: [{ item_id: 't1', price: 12_000, quantity: 2 }] })`);
      await page.waitForFunction(
        `[window.fbq?.queue, window.ttq, window.kakao, window.naver].every((one) => one?.length > 0)`,
      );
      const got = await page.evaluate<Record<string, readonly (readonly unknown[])[]>>(
        `JSON.parse(JSON.stringify({ ga4: dataLayer.map((one) => [...one]), meta: fbq.queue, tiktok: ttq, kakao, naver }))`,
      );
      const events = await world.until('tags', (all) => all.some((event) => event.id === id));
      assert.equal(ofKind(events, 'purchase')[0]?.id, id);
      const of = (tag: string, name: string): readonly unknown[] =>
        got[tag]?.find((call) => call.includes(name)) ?? [];
      assert.deepEqual(of('ga4', 'default')[2], {
        analytics_storage: 'granted',
        ad_storage: 'denied',
        ad_user_data: 'denied',
        ad_personalization: 'denied',
      });
      const update = got['ga4']?.findLast((call) => call[1] === 'update') ?? [];
      assert.equal((update[2] as Record<string, string>)['ad_storage'], 'granted');
      const bought = of('ga4', 'purchase')[2] as Record<string, unknown>;
      assert.deepEqual([bought['event_id'], bought['transaction_id'], bought['value']], [id, 'o1', 24_000]);
      assert.deepEqual(of('meta', 'Purchase').at(-1), { eventID: id });
      assert.deepEqual((of('meta', 'Purchase')[3] as Record<string, unknown>)['contents'], [
        { id: 't1', quantity: 2, item_price: 12_000 },
      ]);
      assert.deepEqual(of('tiktok', 'CompletePayment').at(-1), { event_id: id });
      assert.deepEqual((of('kakao', 'purchase')[1] as Record<string, unknown>)['total_price'], '24000');
      assert.deepEqual((of('naver', 'purchase')[1] as Record<string, unknown>)['id'], 'o1');
    });
  });

  test('from another origin, without a question beforehand; an origin that the key does not know is refused', async () => {
    const key = world.key('foreign');
    await open(async (context) => {
      const asked = world.preflights();
      const tag = `<script async src="${world.collector}/o/o.js" data-key="${key}" data-delay-ms="20" ${quiet}></script>`;
      const page = await go(context, world.page(`<!doctype html>${stub}${tag}`));
      await ready(page);
      await arrived('foreign', await track(page, 3));
      assert.equal(world.preflights(), asked);
      const before = (await world.log('foreign')).events.length;
      const copy = world.store.replace('127.0.0.1', 'localhost');
      await page.goto(page.url().replace(world.store, copy));
      await ready(page);
      await track(page, 1);
      await until(() => world.answered.some(({ origin, status }) => origin === copy && status === 403));
      assert.equal((await world.log('foreign')).events.length, before);
    });
  });
});

/** Turns the wheel until the page is at its end, and has scrolled in answer to the wheel while that was fresh. */
async function scrollDown(page: Page): Promise<void> {
  await page.evaluate(`{ let wheelMs = -Infinity; window.scrolledByHand = false;
    addEventListener('wheel', () => { wheelMs = Date.now() }, { passive: true });
    addEventListener('scroll', () => {
      if (Date.now() - wheelMs < 900 && scrollY + innerHeight >= document.documentElement.scrollHeight - 1) scrolledByHand = true }) }`);
  await until(async () => {
    await page.mouse.wheel(0, -200);
    await page.mouse.wheel(0, 4000);
    return page.evaluate<boolean>('scrolledByHand');
  });
}

/** Puts the page's clock off by `window.skewMs`. */
function clockScript(skewMs: number): string {
  return `{ const Real = Date; window.skewMs = ${skewMs};
    window.Date = class extends Real {
      constructor(...values) { super(...(values.length === 0 ? [Real.now() + window.skewMs] : values)) }
      static now() { return Real.now() + window.skewMs }
    } }`;
}

const kakaoScript = `window.kakao = []; window.kakaoPixel = (id) => new Proxy({}, { get: (_, name) => (...a) => kakao.push([name, ...a]) })`;
const naverScript = `window.naver = []; window.wcs_do = () => naver.push(['do']);
  window.wcs = { inflow: () => naver.push(['inflow']), trans: (c) => naver.push([c.type, c]) }`;
