import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { botOf, deviceOf, operatingSystemOf } from './index.ts';

const root = dirname(dirname(dirname(import.meta.dirname)));
const data = join(dirname(root), 'shared', 'data');
const missing = existsSync(data) ? false : 'the labelled examples (../shared/data) are not here';

function read<T>(archive: string, file: string): readonly T[] {
  const path = join(data, `${archive}.tar.gz`);
  const text = execFileSync('tar', ['-xzOf', path, `${archive}/${file}`], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(text.toString()) as readonly T[];
}

/** Rows that are only a comment have no user agent. */
interface Labelled<E> {
  readonly ua?: string;
  readonly expect: E;
}

function agents<E>(file: string): readonly Required<Labelled<E>>[] {
  return read<Labelled<E>>('posthog-ua-tests', file).filter(
    (row): row is Required<Labelled<E>> => row.ua !== undefined,
  );
}

const percent = (part: number, whole: number): string =>
  `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;

test('devices are named as the labels name them', { skip: missing }, (context) => {
  const rows = agents<{ readonly type: string }>('device.test.json');
  const names: Readonly<Record<string, string>> = { undefined: 'desktop', smarttv: 'tv' };
  const wrong = rows.filter(({ ua, expect }) => {
    const [wanted, found] = [names[expect.type] ?? expect.type, deviceOf(ua)];
    // The labels have no e-readers: they call them tablets.
    return found !== wanted && !(wanted === 'tablet' && found === 'ereader');
  });
  context.diagnostic(`device type right for ${percent(rows.length - wrong.length, rows.length)}`);
  for (const { ua, expect } of wrong)
    context.diagnostic(`${expect.type} called ${String(deviceOf(ua))}: ${ua.slice(0, 120)}`);
  assert.ok(wrong.length / rows.length < 0.02, `${wrong.length} of ${rows.length}`);
});

test('systems are named as the labels name them', { skip: missing }, (context) => {
  const rows = agents<{ readonly os_name: string; readonly os_version: string }>('os-test.json');
  const names: Readonly<Record<string, string>> = { macOS: 'Mac OS X' };
  /** Where we say more exactly what the labels call Linux, Android or nothing. */
  const finer: Readonly<Record<string, readonly string[]>> = {
    Linux: ['Tizen', 'webOS', 'Sailfish'],
    Android: ['HarmonyOS'],
    'Mac OS X': ['Haiku'],
  };
  const named = rows.filter(({ expect }) => expect.os_name !== '');
  const wrong = named.filter(({ ua, expect }) => {
    const found = operatingSystemOf(ua);
    const name = names[found?.name ?? ''] ?? found?.name ?? '';
    if (finer[expect.os_name]?.includes(name) === true) return false;
    return name !== expect.os_name || (expect.os_version !== '' && found?.version !== expect.os_version);
  });
  context.diagnostic(
    `system and version right for ${percent(named.length - wrong.length, named.length)}; ${rows.length - named.length} without a label`,
  );
  for (const { ua, expect } of wrong) {
    context.diagnostic(
      `${expect.os_name} ${expect.os_version} called ${JSON.stringify(operatingSystemOf(ua))}: ${ua.slice(0, 120)}`,
    );
  }
  assert.ok(wrong.length / named.length < 0.02, `${wrong.length} of ${named.length}`);
});

test('robots are found and named, devices of readers are none', { skip: missing }, (context) => {
  const crawlers = read<{ readonly pattern: string; readonly instances?: readonly string[] }>(
    'crawler-user-agents',
    'crawler-user-agents.json',
  );
  const rows = crawlers.flatMap(({ pattern, instances }) =>
    (instances ?? []).map((agent) => ({ pattern, agent })),
  );
  const missed = rows.filter(({ agent }) => botOf(agent) === undefined);
  const letters = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const named = rows.filter(({ pattern, agent }) => {
    const [said, found] = [
      letters(botOf(agent)?.name ?? ''),
      letters(new RegExp(pattern).exec(agent)?.[0] ?? ''),
    ];
    return said !== '' && found !== '' && (said.includes(found) || found.includes(said));
  });
  context.diagnostic(
    `robots found: ${percent(rows.length - missed.length, rows.length)}; named by the pattern's own word: ${percent(named.length, rows.length)}`,
  );
  for (const { agent } of missed) context.diagnostic(`missed: ${agent.slice(0, 140)}`);
  const readers = [...agents('device.test.json'), ...agents('os-test.json')];
  const accused = readers.filter(({ ua }) => botOf(ua) !== undefined);
  context.diagnostic(`devices of readers called robots: ${percent(accused.length, readers.length)}`);
  for (const { ua } of accused) context.diagnostic(`accused as ${botOf(ua)?.name}: ${ua.slice(0, 120)}`);
  assert.ok(missed.length / rows.length < 0.005, `${missed.length} missed`);
  assert.ok(named.length / rows.length > 0.9, `${named.length} named`);
  assert.ok(accused.length / readers.length < 0.02, `${accused.length} accused`);
});
