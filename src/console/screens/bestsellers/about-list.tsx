import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ListPage } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DescribedText } from '../../i18n/text-in.tsx';
import { messages } from './messages.ts';
import { listsQuery } from './queries.ts';

/** What a list counts and what it was made from. */
export function AboutList({ page }: { readonly page: ListPage }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data } = useQuery(listsQuery);
  const description = data?.lists.find(({ list }) => list === page.list)?.description;
  const inputs = Object.entries(page.inputs).filter(([name]) => !name.includes(':'));
  return (
    <>
      <h2>{say('aboutList')}</h2>
      <p className="small">{say('choose')}</p>
      {description === undefined || description === '' ? null : (
        <p className="about-text">
          <DescribedText text={description} />
        </p>
      )}
      <table className="facts">
        <tbody>
          <tr>
            <th scope="row">{say('counts')}</th>
            <td className="num">{say(page.counts)}</td>
          </tr>
          <tr>
            <th scope="row">{say('titles')}</th>
            <td className="num">{format.number(page.total)}</td>
          </tr>
          <tr>
            <th scope="row">{say('published')}</th>
            <td className="num">{format.moment(page.published_at)}</td>
          </tr>
          <tr>
            <th scope="row">{say('edition')}</th>
            <td className="num mono">{page.edition.slice(0, 13)}…</td>
          </tr>
        </tbody>
      </table>
      <h3 className="panel-head">{say('inputs')}</h3>
      <table className="facts">
        <tbody>
          {inputs.map(([name, snapshot]) => (
            <tr key={name}>
              <th scope="row" className="mono">
                {name}
              </th>
              <td className="num mono muted">…{snapshot.slice(-6)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
