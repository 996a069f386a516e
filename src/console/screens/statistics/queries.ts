import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { PageData, PageIndex, PageLayout } from '../../../api/index.ts';
import { request, requestFile } from '../../data/request.ts';
import { saveFile } from '../../data/save-file.ts';
import type { Language } from '../../i18n/messages.ts';
import type { PageSearch } from './route.ts';

/** A page's file is looked at again this often, so that an edit shows while it is written. */
const layoutEveryMs = 3_000;

const address = (page: string): string => `/v1/pages/${encodeURIComponent(page)}`;

/** The statistics pages. */
export const pagesQuery = queryOptions({
  queryKey: ['pages'],
  queryFn: ({ signal }) => request<PageIndex>('/v1/pages', { signal }),
});

/** How a page is laid out. */
export const layoutQuery = (page: string) =>
  queryOptions({
    queryKey: ['pages', page],
    queryFn: ({ signal }) => request<PageLayout>(address(page), { signal }),
    refetchInterval: layoutEveryMs,
  });

/** A page's blocks for the controls; asked anew when the page's file has changed. */
export const dataQuery = (page: string, version: string | undefined, search: PageSearch) =>
  queryOptions({
    queryKey: ['pages', page, 'data', version ?? '', search],
    queryFn: ({ signal }) => request<PageData>(`${address(page)}/data`, { query: search, signal }),
    enabled: version !== undefined,
    placeholderData: (before, asked) => (asked?.queryKey[1] === page ? keepPreviousData(before) : undefined),
  });

/** Saves a block as a file. */
export async function saveBlock(
  page: string,
  block: string,
  options: { readonly search: PageSearch; readonly format: 'csv' | 'xlsx'; readonly language: Language },
): Promise<void> {
  const { search, format, language } = options;
  const file = await requestFile(`${address(page)}/blocks/${block}`, {
    query: { ...search, format, language },
  });
  saveFile(`${page}-${block}.${format}`, file);
}

/** Saves all blocks of a page as one workbook. */
export async function saveWorkbook(page: string, search: PageSearch, language: Language): Promise<void> {
  saveFile(
    `${page}.xlsx`,
    await requestFile(`${address(page)}/workbook`, { query: { ...search, language } }),
  );
}
