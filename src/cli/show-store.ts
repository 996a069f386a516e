import { createClient } from '../api/index.ts';
import type { Answer, Cli } from './command.ts';
import { renderTable } from './output.ts';
import type { Platform } from './platform.ts';

/** Shows what a newcomer wants to see first, read over the API as a store would: a list, a reader's shelf, what to try. */
export async function showStore(
  _cli: Cli,
  answer: Answer,
  shown: { readonly platform: Platform; readonly url: string; readonly key: string },
): Promise<void> {
  if (answer.json) return;
  const { platform, url, key } = shown;
  const client = createClient({ url, key });
  const say = answer.say;
  const list = await client.list('daily', { limit: 10 });
  say(
    `\n${list.title['ko'] ?? 'daily'} / ${list.title['en'] ?? ''}  ${list.business_day}, edition ${list.edition}\n`,
  );
  say(
    renderTable(
      list.items.map((item) => ({
        rank: item.rank,
        title: item.title,
        buyers: item.count,
        before: item.previous_rank ?? 'new',
        item_id: item.item_id,
      })),
    ),
  );
  const reader = await busyReader(platform);
  if (reader !== undefined) {
    const shelf = await client.recommendations(reader, { limit: 5 });
    say(`\nFor reader ${reader}\n`);
    say(
      renderTable(
        shelf.items.map((item) => ({
          title: item.title,
          why: `${item.reason}: ${item.because_of.map(({ title }) => title).join(', ') || 'many bought it'}`,
        })),
      ),
    );
  }
  const first = list.items[0]?.item_id ?? '';
  say(`
Octavo serves at ${url}

  API, readable    ${url}/docs
  API key          ${key}

Try next, in another terminal${platform.project.note}:
  curl -H "Authorization: Bearer ${key}" ${url}/v1/bestsellers/daily
  ${platform.project.command} query "select kind, count(*) as events from raw.events group by kind order by events desc"
  ${platform.project.command} lists explain daily ${first}
  ${platform.project.command} metrics sales
  ${platform.project.command} evaluate

Live events are arriving now. Ctrl-C stops; the next start goes on from here.`);
}

async function busyReader(platform: Platform): Promise<string | undefined> {
  const { rows } = await platform.warehouse.query(
    `select reader_id from model.interactions where kind = 'purchase'
     group by reader_id order by count(*) desc, reader_id limit 1`,
  );
  const reader = rows[0]?.['reader_id'];
  return typeof reader === 'string' ? reader : undefined;
}
