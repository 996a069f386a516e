import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { MadePassword, Users } from '../../../api/index.ts';
import { roleText } from '../../app/role-text.ts';
import { request } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Section } from '../../parts/page.tsx';
import { Select } from '../../parts/select.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { AddUser } from './add-user.tsx';
import { Confirm } from './confirm.tsx';
import { messages } from './messages.ts';
import { userAddress, usersQuery } from './queries.ts';
import { roleNames } from './role-names.ts';
import { ToldOnce } from './told-once.tsx';
import { useReason } from './use-reason.ts';

type User = Users['users'][number];
type Open =
  | { readonly what: 'add' }
  | { readonly what: 'reset' | 'remove'; readonly name: string }
  | { readonly what: 'password'; readonly name: string; readonly password: string };

/** People who sign in: who they are, and what may be done with them. */
export function People(): ReactNode {
  const say = useText(messages);
  const { data, error, refetch } = useQuery(usersQuery);
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open>();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: usersQuery.queryKey });
  const close = (): void => setOpen(undefined);
  const tell = (made: MadePassword): void =>
    setOpen(
      made.password === null ? undefined : { what: 'password', name: made.name, password: made.password },
    );
  const add = (
    <Button primary={data?.users.length === 0} onClick={() => setOpen({ what: 'add' })}>
      {say('addUser')}
    </Button>
  );
  return (
    <Section title={say('users')} more={data === undefined || data.users.length === 0 ? null : add}>
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={5} height={36} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : data.users.length === 0 ? (
        <Empty what={say('noUsers')} action={add}>
          {say('noUsersNext')}
        </Empty>
      ) : (
        <UserTable users={data.users} onAgain={again} onOpen={(what, name) => setOpen({ what, name })} />
      )}
      {open?.what === 'add' ? (
        <AddUser
          onClose={close}
          onAdded={(made) => {
            void again();
            tell(made);
          }}
        />
      ) : null}
      {open?.what === 'reset' ? (
        <Confirm
          title={say('reset')}
          what={say('resetAsk', { name: open.name })}
          action={say('reset')}
          onClose={close}
          onDo={async () =>
            tell(
              await request<MadePassword>(userAddress(open.name, '/password'), { method: 'PUT', body: {} }),
            )
          }
        />
      ) : null}
      {open?.what === 'remove' ? (
        <Confirm
          title={say('remove')}
          what={say('removeAsk', { name: open.name })}
          action={say('remove')}
          onClose={close}
          onDo={async () => {
            await request(userAddress(open.name), { method: 'DELETE' });
            await again();
            close();
          }}
        />
      ) : null}
      {open?.what === 'password' ? (
        <ToldOnce title={say('madePassword', { name: open.name })} secret={open.password} onClose={close} />
      ) : null}
    </Section>
  );
}

function UserTable({
  users,
  onAgain,
  onOpen,
}: {
  readonly users: readonly User[];
  readonly onAgain: () => Promise<void>;
  readonly onOpen: (what: 'reset' | 'remove', name: string) => void;
}): ReactNode {
  const say = useText(messages);
  const sayRole = useText(roleText);
  const format = useFormat();
  const reason = useReason();
  const { state } = useSession();
  const [error, setError] = useState<unknown>();
  const changeRole = async (name: string, role: string): Promise<void> => {
    setError(undefined);
    try {
      await request(userAddress(name), { method: 'PATCH', body: { role } });
    } catch (failure) {
      setError(failure);
    }
    await onAgain();
  };
  const columns: readonly Column<User>[] = [
    {
      id: 'name',
      head: say('name'),
      value: ({ name }) => name,
      cell: ({ name }) => (
        <>
          <span className="title">{name}</span>
          {name === state?.person?.name ? <span className="small"> {say('you')}</span> : null}
        </>
      ),
    },
    {
      id: 'role',
      head: say('role'),
      value: ({ role }) => role,
      cell: ({ name, role }) => (
        <span className="settings-role">
          <Select
            label={say('roleOf', { name })}
            value={role}
            shown={sayRole(role)}
            labelHidden
            options={roleNames.map((value) => ({ value, label: `${sayRole(value)}: ${say(`${value}May`)}` }))}
            onChange={(next) => void changeRole(name, next)}
          />
        </span>
      ),
    },
    {
      id: 'since',
      head: say('since'),
      wideOnly: true,
      value: ({ created_at }) => created_at,
      cell: ({ created_at }) => format.moment(created_at),
    },
    {
      id: 'seen',
      head: say('seen'),
      wideOnly: true,
      value: ({ seen_at }) => seen_at,
      cell: ({ seen_at }) =>
        seen_at === null ? <span className="muted">{say('never')}</span> : format.moment(seen_at),
    },
    {
      id: 'actions',
      head: <span className="unseen">{say('whatToDo')}</span>,
      width: 40,
      cell: ({ name }) => (
        <Menu
          trigger={<IconButton icon="more" label={say('actions', { name })} />}
          groups={[
            {
              items: [
                { key: 'reset', label: say('reset'), onSelect: () => onOpen('reset', name) },
                { key: 'remove', label: say('remove'), onSelect: () => onOpen('remove', name) },
              ],
            },
          ]}
        />
      ),
    },
  ];
  return (
    <>
      <DataTable caption={say('users')} columns={columns} rows={users} keyOf={({ name }) => name} />
      <p role="alert" className="settings-wrong">
        {error === undefined ? '' : reason(error)}
      </p>
    </>
  );
}
