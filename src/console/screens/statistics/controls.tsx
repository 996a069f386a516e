import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { PageData, PageLayout } from '../../../api/index.ts';
import { Button } from '../../parts/button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Segment } from '../../parts/segment.tsx';
import { Select } from '../../parts/select.tsx';
import { saveWorkbook } from './queries.ts';
import type { PageSearch } from './route.ts';
import type { PageWords } from './words.ts';

const allMembers = 'all';

/** A page's controls. What the page says itself is left out of the address. */
export function Controls({
  layout,
  data,
  search,
  words,
}: {
  readonly layout: PageLayout;
  readonly data: PageData | undefined;
  readonly search: PageSearch;
  readonly words: PageWords;
}): ReactNode {
  const { say } = words;
  const navigate = useNavigate();
  const { controls, page } = layout;
  const choose = (name: string, value: string | undefined): void => {
    const { [name]: _before, ...rest } = search;
    const next = value === undefined || value === '' ? rest : { ...rest, [name]: value };
    void navigate({
      to: '/statistics/$page',
      params: { page },
      search: next,
      replace: true,
      resetScroll: false,
    });
  };
  const range = search['range'] ?? controls.range;
  const ranges = controls.ranges.includes(range) ? controls.ranges : [...controls.ranges, range];
  const grain = data?.controls.grain ?? controls.grain;
  return (
    <>
      {controls.choices.map(({ name, title }) => (
        <Select
          key={name}
          label={title === null ? words.member(name) : words.text(title)}
          value={search[name] ?? data?.controls.choices[name] ?? allMembers}
          options={[
            { value: allMembers, label: say('all') },
            ...(data?.options[name] ?? []).map(({ value, label }) => ({
              value,
              label: label === null ? words.member(value) : words.text(label),
            })),
          ]}
          onChange={(value) => choose(name, value === allMembers ? undefined : value)}
        />
      ))}
      <Select
        label={say('range')}
        value={range}
        options={ranges.map((value) => ({ value, label: rangeName(value, words) }))}
        onChange={(value) => choose('range', value === controls.range ? undefined : value)}
      />
      {controls.day && data !== undefined ? (
        <label className="ctl day-field">
          <span>{say('lastDay')}</span>
          <input
            type="date"
            max={data.newest}
            value={search['to'] ?? data.controls.to}
            onChange={(event) =>
              choose('to', event.target.value === data.newest ? undefined : event.target.value)
            }
          />
        </label>
      ) : null}
      {controls.grains.length < 2 ? null : (
        <Segment
          label={say('grain')}
          value={grain}
          options={controls.grains.map((value) => ({ value, label: say(value) }))}
          onChange={(value) => choose('grain', value === controls.grain ? undefined : value)}
        />
      )}
      <Menu
        trigger={<Button icon="export">{say('export')}</Button>}
        groups={[
          {
            items: [
              {
                key: 'xlsx',
                label: say('workbook'),
                onSelect: () => void saveWorkbook(page, search, words.language),
              },
              { key: 'print', label: say('print'), onSelect: () => window.print() },
            ],
          },
        ]}
      />
    </>
  );
}

function rangeName(range: string, { say, format }: PageWords): string {
  const [from = '', to] = range.split('..');
  if (to !== undefined) return say('shown', { from: format.dayShort(from), to: format.dayShort(to) });
  if (range === 'week') return say('thisWeek');
  if (range === 'month') return say('thisMonth');
  if (range === 'year') return say('thisYear');
  const count = Number(range.slice(0, -1));
  const unit = range.at(-1);
  return say(unit === 'd' ? 'lastDays' : unit === 'w' ? 'lastWeeks' : 'lastMonths', { count });
}
