import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { BusinessDay, Calendar, Clock, ConfigEntry, Logger, Text } from '../base/index.ts';
import type { Queries } from '../query/index.ts';
import type { EventFeed } from '../collect/index.ts';
import type { ServingStore } from '../serving/index.ts';
import type { AlertFinding, Metric, Pages } from '../statistics/index.ts';
import type { Warehouse } from '../warehouse/index.ts';
import type { AccountStore } from './accounts.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { BatchView } from './mornings.ts';
import type { KeyStore, Scope } from './keys.ts';
import type { Replayer } from './replay.ts';
import type { PastTraffic } from './traffic.ts';

/** A bestseller list as the API describes it. */
export interface ListDescription {
  readonly title: Readonly<Record<string, string>>;
  readonly description: Text;
  /** What is counted. Default `buyers`. */
  readonly count?: 'buyers' | 'copies';
}

/** A title's counted lines, asked of the warehouse. */
export type ExplainLines = (request: {
  readonly list: string;
  readonly category: string;
  readonly itemId: string;
  readonly edition: string;
}) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** A category of the shop's tree. */
export interface ShopCategory {
  readonly id: string;
  /** By language. */
  readonly title: Readonly<Record<string, string>>;
  readonly parent: string | null;
}

/** A title as the shop knows it. */
export interface ShopTitle {
  readonly item_id: string;
  readonly title: string;
  readonly title_en?: string | null;
  readonly author?: string | null;
  readonly author_en?: string | null;
  readonly list_price?: string | number | null;
}

/** A title that a reader has, with what he did with it. */
export interface ShelfItem extends Omit<ShopTitle, 'list_price'> {
  /** Kinds of interactions, e.g. `purchase`, `rating`. */
  readonly kinds: readonly string[];
  /** The newest rating. */
  readonly rating: number | null;
  /** Business day of the newest interaction. */
  readonly last_day: string;
}

/** What a reader has, newest first, of the days that recommenders read. */
export interface Shelf {
  readonly from: string;
  readonly to: string;
  /** Titles on the whole shelf. */
  readonly titles: number;
  /** Of which with an interaction of the kind. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly items: readonly ShelfItem[];
}

/** How a recommender is declared. */
export interface RecommenderDescription {
  readonly algorithm: string;
  /** Titles in a list. */
  readonly size: number;
}

/** The store as its people know it. */
export interface ShopDescription {
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Language of titles and category names. */
  readonly language: 'ko' | 'en';
  readonly calendar: Calendar;
  /** In the order of the tree. Absent: ids stand for names. */
  readonly categories?: () => Promise<readonly ShopCategory[]>;
  readonly title?: (itemId: string) => Promise<ShopTitle | undefined>;
  /** Titles by their name, author or id, the best few. */
  readonly findTitles?: (text: string, limit: number) => Promise<readonly ShopTitle[]>;
}

/** What the API is made from. */
export interface ApiContext {
  readonly store: ServingStore;
  readonly keys: KeyStore;
  /** People who sign in; absent in a process for programs only. */
  readonly accounts?: AccountStore;
  /** Whether pages that are opened on this machine need no sign-in: the demo. Default false. */
  readonly openToLocal?: boolean;
  readonly shop: ShopDescription;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  readonly lists: ReadonlyMap<string, ListDescription>;
  /** Names of recommenders by what they give. */
  readonly recommenders: {
    /** Personal lists, the default first. */
    readonly personal: readonly string[];
    /** Related titles, the default first. */
    readonly related: readonly string[];
    readonly described?: Readonly<Record<string, RecommenderDescription>>;
  };
  /** A reader's shelf, asked of the warehouse; absent in a process without recommenders. */
  readonly shelf?: (readerId: string, limit: number) => Promise<Shelf>;
  /** Whether the shop knows a reader; asked only for readers without a list. Absent: every id gets the popular list. */
  readonly readerExists?: (readerId: string) => Promise<boolean>;
  readonly metrics: ReadonlyMap<string, Metric>;
  /** Absent in a process without statistics pages. */
  readonly pages?: Pages;
  /** What every alert finds of a day; absent in a process without alerts. */
  readonly alerts?: (day: BusinessDay) => Promise<readonly AlertFinding[]>;
  readonly explainLines: ExplainLines;
  /** Questions in SQL; absent in a process without tables. */
  readonly queries?: Queries;
  /** What this process collects; absent in one that does not. */
  readonly feed?: EventFeed;
  /** Takes refused events that are mended; absent in a process that does not collect. */
  readonly collector?: Replayer;
  /** The configuration, key by key; absent in a process without a project. */
  readonly configuration?: () => Promise<readonly ConfigEntry[]>;
  /** The daily cycle; absent in a process that does not know the tasks. */
  readonly batch?: BatchView;
  /** The tables; absent in a process without them. */
  readonly warehouse?: Warehouse;
  /** Events in the warehouse that arrived since the instant, by minute. */
  readonly recentTraffic?: (fromMs: number) => Promise<PastTraffic>;
  /** Named checks for /v1/health; each resolves to `ok` or says what is wrong. */
  readonly checks: Readonly<Record<string, () => Promise<string>>>;
}

/** What the routes work with, and the answers they made before. */
export interface RouteContext extends ApiContext {
  readonly answers: AnswerCache;
}

/** Fastify with TypeBox types. */
export type ApiServer = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a key needs for the route; absent: open to all. */
    scope?: Scope | ((method: string) => Scope);
  }
}
