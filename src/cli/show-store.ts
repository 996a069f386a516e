import { createClient } from '../api/index.ts';
import { reasonText } from '../recommend/index.ts';
import type { Answer } from './command.ts';
import type { Platform } from './platform.ts';

/** Shows what a newcomer wants to see first, read over the API as a store would: a list, a shelf, what to try. */
export async function showStore(
  answer: Answer,
  shown: {
    readonly platform: Platform;
    readonly url: string;
    readonly key: string;
    /** What is typed to reach this store from here. */
    readonly command: string;
    readonly live: boolean;
  },
): Promise<void> {
  const { platform, url, key, command, live } = shown;
  if (answer.json) return;
  const client = createClient({ url, key });
  const { say } = answer;
  const [declared] = platform.project.lists;
  let first = '';
  if (declared !== undefined) {
    const list = await client.list(declared.id, { limit: 10 });
    say(`\n${list.title['ko'] ?? ''} / ${list.title['en'] ?? ''}, ${list.business_day}\n`);
    answer.rows(
      list.items.map(({ rank, previous_rank, title, count, item_id }) => ({
        rank,
        before: previous_rank ?? 'new',
        title,
        [declared.count]: count,
        item_id,
      })),
    );
    first = list.items[0]?.item_id ?? '';
  }
  const reader = await busyReader(platform);
  if (reader !== undefined) {
    const shelf = await client.recommendations(reader, { limit: 5 });
    say(`\nFor reader ${reader}\n`);
    for (const { title, reason, because_of } of shelf.items) {
      const causes = because_of.map((cause) => cause.title);
      say(`  ${title}\n      ${reasonText(reason, causes, 'en')}`);
    }
  }
  const sql = 'select kind, count(*) as events from raw.events group by kind order by events desc';
  say(`
Octavo serves at ${url}

  console          ${url}/
  a small store    ${url}/store/
  API, readable    ${url}/docs
  API key          ${key}

Try next, in another terminal:
  curl -H "Authorization: Bearer ${key}" ${url}/v1/bestsellers/${declared?.id ?? ''}
  ${command} status
  ${command} query "${sql}"
  ${command} lists explain ${declared?.id ?? ''} ${first}
  ${command} recommend reader ${reader ?? ''}
  ${command} metrics sales
  ${command} evaluate

${live ? 'Live events are arriving now. ' : ''}Ctrl-C stops; the next start goes on from here.`);
}

async function busyReader(platform: Platform): Promise<string | undefined> {
  const { rows } = await platform.warehouse.query(
    `select reader_id from model.interactions where kind = 'purchase'
     group by reader_id order by count(*) desc, reader_id limit 1`,
  );
  const reader = rows[0]?.['reader_id'];
  return typeof reader === 'string' ? reader : undefined;
}
