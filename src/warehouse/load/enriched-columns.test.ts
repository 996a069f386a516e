import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventColumns } from './event-columns.ts';
import { inLoaderWorld } from './loader-world.fixture.ts';

test('a table of before gains the columns of enrichment, a kind gains a field, and old events have none of it', () =>
  inLoaderWorld(async ({ warehouse, events, loader }) => {
    const [first, last] = ['device_occurred_at', 'enriched_by'].map((name) =>
      eventColumns.findIndex((column) => column.name === name),
    ) as [number, number];
    await warehouse.ensureTable('raw.events', eventColumns.toSpliced(first, last - first + 1));
    const event = (number: number, more: object): Buffer => {
      const id = `0192f0c1-7e2a-7c3d-9a4b-${String(number).padStart(12, '0')}`;
      const at = '2026-03-01T10:00:00Z';
      return Buffer.from(
        JSON.stringify({ id, kind: 'page_view', occurred_at: at, received_at: at, source: 'web', ...more }),
      );
    };
    const full = {
      device_occurred_at: '2026-03-04T10:00:00Z',
      country: 'KR',
      client: {
        device: 'mobile',
        os: 'iOS',
        os_version: '17.4',
        browser: 'KakaoTalk',
        browser_version: '10.6.5',
        bot: false,
      },
      campaign: { source: 'naver', medium: 'cpc', click_id: 'x', click_id_name: 'napm', network: 'naver' },
      referrer: { class: 'paid', name: 'Naver' },
      enriched_by: 'rules 1',
      // A field that this kind did not have before: a project's kinds keep theirs here.
      properties: { shelf: { floor: 3 } },
    };
    await events.append(0, [
      event(1, {}),
      event(2, full),
      event(3, { client: { bot: true, bot_name: 'Yeti' } }),
    ]);
    const outcome = await loader.loadAll();
    assert.equal(outcome.loaded, 3);
    const { rows } =
      await warehouse.query(`select country, device_type, os_name, os_version, browser_name, browser_version, bot, bot_name,
      campaign_source, campaign_medium, click_id, click_id_name, click_network, referrer_class, referrer_name, enriched_by,
      epoch_ms(device_occurred_at) - epoch_ms(occurred_at) as off,
      properties->>'$.shelf.floor' as shelf_floor from raw.events order by event_id`);
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      [
        Array.from({ length: 18 }, () => null),
        [
          'KR',
          'mobile',
          'iOS',
          '17.4',
          'KakaoTalk',
          '10.6.5',
          false,
          null,
          'naver',
          'cpc',
          'x',
          'napm',
          'naver',
          'paid',
          'Naver',
          'rules 1',
          259_200_000,
          '3',
        ],
        [null, null, null, null, null, null, true, 'Yeti', ...Array.from({ length: 10 }, () => null)],
      ],
    );
  }));
