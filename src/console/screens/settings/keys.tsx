import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Keys as KeyList } from '../../../api/index.ts';
import { request } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { AddKey } from './add-key.tsx';
import { Confirm } from './confirm.tsx';
import { messages } from './messages.ts';
import { keysQuery } from './queries.ts';
import { ToldOnce } from './told-once.tsx';

type Key = KeyList['keys'][number];
type Open =
  | { readonly what: 'add' }
  | { readonly what: 'revoke'; readonly id: string; readonly name: string }
  | { readonly what: 'key'; readonly name: string; readonly key: string };

/** Keys of programs. */
export function Keys(): ReactNode {
  const say = useText(messages);
  const { data, error, refetch } = useQuery(keysQuery);
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open>();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: keysQuery.queryKey });
  const close = (): void => setOpen(undefined);
  const add = <Button onClick={() => setOpen({ what: 'add' })}>{say('addKey')}</Button>;
  return (
    <Section title={say('keys')} more={data === undefined || data.keys.length === 0 ? null : add}>
      <p className="text settings-about">{say('keysAbout')}</p>
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={5} height={36} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : data.keys.length === 0 ? (
        <Empty what={say('noKeys')} action={add} />
      ) : (
        <KeyTable keys={data.keys} onRevoke={({ id, name }) => setOpen({ what: 'revoke', id, name })} />
      )}
      {open?.what === 'add' ? (
        <AddKey
          onClose={close}
          onMade={({ name, key }) => {
            void again();
            setOpen({ what: 'key', name, key });
          }}
        />
      ) : null}
      {open?.what === 'revoke' ? (
        <Confirm
          title={say('revoke')}
          what={say('revokeAsk', { name: open.name })}
          action={say('revoke')}
          onClose={close}
          onDo={async () => {
            await request(`/v1/settings/keys/${encodeURIComponent(open.id)}`, { method: 'DELETE' });
            await again();
            close();
          }}
        />
      ) : null}
      {open?.what === 'key' ? (
        <ToldOnce title={say('theKey', { name: open.name })} secret={open.key} onClose={close} />
      ) : null}
    </Section>
  );
}

function KeyTable({
  keys,
  onRevoke,
}: {
  readonly keys: readonly Key[];
  readonly onRevoke: (key: Key) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { state } = useSession();
  const allScopes = state?.scopes.length ?? 0;
  const columns: readonly Column<Key>[] = [
    {
      id: 'name',
      head: say('name'),
      value: ({ name }) => name,
      cell: ({ name, id }) => (
        <>
          <span className="title">{name}</span>
          <br />
          <code className="muted">{id}</code>
        </>
      ),
    },
    {
      id: 'scopes',
      head: say('scopes'),
      wideOnly: true,
      value: ({ scopes, origins }) => (origins ?? scopes).join(' '),
      cell: ({ scopes, origins }) =>
        origins !== null ? (
          say('originsOf', { origins: origins.join(', ') })
        ) : scopes.length >= allScopes ? (
          say('all')
        ) : (
          <span className="mono">{scopes.join('  ')}</span>
        ),
    },
    {
      id: 'made',
      head: say('made'),
      wideOnly: true,
      value: ({ created_at }) => created_at,
      cell: ({ created_at }) => <span className="nowrap">{format.moment(created_at)}</span>,
    },
    {
      id: 'state',
      head: say('state'),
      value: ({ revoked_at }) => revoked_at,
      cell: ({ revoked_at }) =>
        revoked_at === null ? (
          say('active')
        ) : (
          <span className="muted">{say('revokedAt', { time: format.moment(revoked_at) })}</span>
        ),
    },
    {
      id: 'revoke',
      head: <span className="unseen">{say('revoke')}</span>,
      width: 90,
      cell: (key) =>
        key.revoked_at === null ? (
          <Button aria-label={`${say('revoke')}: ${key.name}`} onClick={() => onRevoke(key)}>
            {say('revoke')}
          </Button>
        ) : null,
    },
  ];
  return <DataTable caption={say('keys')} columns={columns} rows={keys} keyOf={({ id }) => id} />;
}
