import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OctavoError } from '../../base/index.ts';
import { toCsv, toWorkbook, type ChosenControls, type Page, type Pages } from '../../statistics/index.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { answerTagged } from '../etag.ts';
import { BlockRows, PageData, PageIndex, PageLayout } from '../page-schemas.ts';
import { otherAnswers } from '../problem.ts';

const config = { scope: 'metrics:read' } as const;
const csvType = 'text/csv; charset=utf-8';
const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Controls are named by each page, so they are checked by it. */
const controls = Type.Object(
  {
    range: Type.Optional(
      Type.String({ description: 'such as 31d, 13w, 12m, month or 2026-10-01..2026-10-31' }),
    ),
    to: Type.Optional(Type.String({ format: 'date', description: 'last day; default the newest' })),
    grain: Type.Optional(Type.String({ description: 'day, week or month' })),
  },
  { additionalProperties: Type.String({ description: 'a choice of the page' }) },
);
const refused = ['page_not_found', 'edition_not_found', 'argument_invalid'] as const;

/** The statistics pages: what there is, how a page is laid out, its rows, and any block as a file. */
export function pageRoutes(server: ApiServer, { pages: given }: ApiContext): void {
  const pagesOf = (): Pages => {
    if (given === undefined) throw new OctavoError('page_not_found', 'this process has no pages');
    return given;
  };

  server.get(
    '/v1/pages',
    {
      config,
      schema: {
        operationId: 'listPages',
        summary: 'The statistics pages of the project',
        tags: ['Pages'],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: PageIndex, ...otherAnswers() },
      },
    },
    async (request, reply) => {
      const pages = given === undefined ? [] : await given.list();
      return answerTagged(request, reply, { pages: pages.map(summaryOf) });
    },
  );

  server.get(
    '/v1/pages/:page',
    {
      config,
      schema: {
        operationId: 'getPage',
        summary: 'A page’s parts, in order, and what is wrong with them',
        tags: ['Pages'],
        params: Type.Object({ page: Type.String() }),
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: PageLayout, ...otherAnswers('page_not_found') },
      },
    },
    async (request, reply) =>
      answerTagged(request, reply, layoutOf(await pagesOf().page(request.params.page))),
  );

  server.get(
    '/v1/pages/:page/data',
    {
      config,
      schema: {
        operationId: 'getPageData',
        summary: 'Every block of a page for the chosen controls',
        tags: ['Pages'],
        params: Type.Object({ page: Type.String() }),
        querystring: controls,
        response: { 200: PageData, ...otherAnswers(...refused) },
      },
    },
    async (request, reply) => {
      const data = await pagesOf().data(request.params.page, chosenOf(request), closing(reply));
      return answerTagged(request, reply, data as unknown as PageData);
    },
  );

  server.get(
    '/v1/pages/:page/blocks/:block',
    {
      config,
      schema: {
        operationId: 'getPageBlock',
        summary: 'One block of a page: as JSON, or as a file with format=csv or format=xlsx',
        tags: ['Pages'],
        params: Type.Object({ page: Type.String(), block: Type.String() }),
        querystring: Type.Composite([controls, Type.Object(fileQuery)], {
          additionalProperties: Type.String({ description: 'a choice of the page' }),
        }),
        response: { 200: BlockRows, ...otherAnswers(...refused, 'block_not_found', 'block_broken') },
      },
    },
    async (request, reply) => {
      const { page, block } = request.params;
      const { format, language } = fileOf(request);
      const found = await pagesOf().block(page, block, chosenOf(request), closing(reply));
      if (format === 'json') return answerTagged(request, reply, found.answer as unknown as BlockRows);
      const words = { language, labels: found.labels };
      const name = `${page}-${block}-${found.controls.to}.${format}`;
      reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .type(format === 'csv' ? csvType : xlsxType);
      const { answer, title } = found;
      const file: unknown =
        format === 'csv' ? Buffer.from(toCsv(answer, words)) : toWorkbook([{ title, answer }], words);
      return reply.send(file as BlockRows);
    },
  );

  server.get(
    '/v1/pages/:page/workbook',
    {
      config,
      schema: {
        operationId: 'getPageWorkbook',
        summary: 'All blocks of a page as one XLSX file, a sheet each',
        tags: ['Pages'],
        params: Type.Object({ page: Type.String() }),
        querystring: Type.Composite([controls, Type.Object({ language: fileQuery.language })], {
          additionalProperties: Type.String({ description: 'a choice of the page' }),
        }),
        response: { 200: Type.Unknown({ description: 'an XLSX file' }), ...otherAnswers(...refused) },
      },
    },
    async (request, reply) => {
      const { language } = fileOf(request);
      const page = await pagesOf().page(request.params.page);
      const data = await pagesOf().data(page.name, chosenOf(request), closing(reply));
      const blocks = page.items.flatMap((item) => {
        const answer = item.kind === 'block' ? data.blocks[item.id] : undefined;
        if (item.kind !== 'block' || answer === undefined || 'problem' in answer) return [];
        return [{ title: item.block.title ?? page.title, answer }];
      });
      const name = `${page.name}-${data.controls.to}.xlsx`;
      reply.header('content-disposition', `attachment; filename="${name}"`).type(xlsxType);
      return reply.send(toWorkbook(blocks, { language, labels: data.labels }));
    },
  );
}

const fileQuery = {
  format: Type.Optional(
    Type.Union([Type.Literal('json'), Type.Literal('csv'), Type.Literal('xlsx')], { default: 'json' }),
  ),
  language: Type.Optional(
    Type.Union([Type.Literal('ko'), Type.Literal('en')], {
      default: 'en',
      description: 'of heads and labels',
    }),
  ),
};
const notControls = new Set(['format', 'language']);

function chosenOf(request: FastifyRequest): ChosenControls {
  return Object.fromEntries(
    Object.entries(request.query as ChosenControls).filter(([name]) => !notControls.has(name)),
  );
}

function fileOf(request: FastifyRequest): {
  readonly format: 'json' | 'csv' | 'xlsx';
  readonly language: 'ko' | 'en';
} {
  const { format, language } = request.query as Readonly<Record<string, string>>;
  return {
    format: format === 'csv' || format === 'xlsx' ? format : 'json',
    language: language === 'ko' ? 'ko' : 'en',
  };
}

/** Ends the page's queries when the reader goes away before the answer. */
function closing(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new OctavoError('cancelled'));
  });
  return controller.signal;
}

function summaryOf(page: Page): PageIndex['pages'][number] {
  return {
    page: page.name,
    title: page.title,
    description: page.description ?? null,
    group: page.group ?? null,
    problems: page.problems.length,
  };
}

function layoutOf(page: Page): PageLayout {
  const { controls: own } = page;
  const { name, version, title, description, items, problems } = page;
  const layout = {
    page: name,
    version,
    title,
    description: description ?? null,
    controls: {
      range: own.range,
      ranges: own.ranges,
      day: own.day,
      grain: own.grain,
      grains: own.grains,
      choices: own.choices.map((choice) => ({ name: choice.name, title: choice.title ?? null })),
    },
    items: items.map((item) =>
      item.kind === 'block' ? { kind: item.kind, id: item.id, block: item.block } : item,
    ),
    problems,
  };
  return layout as unknown as PageLayout;
}
