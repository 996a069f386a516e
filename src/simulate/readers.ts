import { seededRandom, type Calendar } from '../base/index.ts';
import type { Catalogue } from './catalogue.ts';
import { leafCategories } from './categories.ts';
import { chance, unitHash } from './distribution.ts';
import { createPicker, type Picker } from './picker.ts';

/** What kind of account it is; only persons count on lists. */
export type ReaderKind = 'person' | 'staff' | 'test' | 'organisation';

/** One account with its planted tastes. */
export interface Reader {
  readonly id: string;
  /** Place in its series of accounts; tastes follow from it and the seed. */
  readonly index: number;
  readonly kind: ReaderKind;
  readonly signedUpMs: number;
  readonly birthYear: number;
  readonly gender: 'female' | 'male' | 'unknown';
  readonly marketingConsent: boolean;
  /** Indexes of leaf categories with the share of wishes that go there; the shares sum to 1. */
  readonly tastes: readonly { readonly category: number; readonly share: number }[];
  /** Sessions a day on an average day. */
  readonly sessionsPerDay: number;
  /** Reading speed relative to the mean of 1. */
  readonly speed: number;
  /** Probability of going on with a series when there is a next volume. */
  readonly continuation: number;
  /** 0: does not look at prices, 1: buys almost only what is cheap. */
  readonly priceSensitivity: number;
  readonly device: 'web' | 'ios' | 'android' | 'ereader';
  readonly deviceId: string;
  /** The network of the account, truncated to /24. */
  readonly ip: string;
  /** Its browser stops the tracker: nothing but orders is known of it. */
  readonly blocksTracker: boolean;
}

/** Where the accounts of each origin begin among 10,000,000 account numbers. */
const origins = { regular: 0, ring: 4_000_000, live: 8_000_000 } as const;

/** Where an account comes from: growth of the shop, a planted ring, or live traffic. */
export type ReaderOrigin = keyof typeof origins;

/** The id of an account: `r` and seven digits that tell nothing of its origin. */
export function readerId(origin: ReaderOrigin, index: number): string {
  const scrambled = ((origins[origin] + index) * 6_364_137 + 1_442_695) % 10_000_000;
  return `r${String(scrambled).padStart(7, '0')}`;
}

/** How many accounts exist: those before the first day, and more every day. */
export interface Growth {
  readonly before: number;
  /** Accounts opened up to the end of the n-th day, from 1. */
  through(day: number): number;
}

/** @param readers - accounts after 30 days; nine tenths of them exist at the start */
export function createGrowth(readers: number): Growth {
  const before = Math.round(readers * 0.9);
  return { before, through: (day) => before + Math.floor((day * readers * 0.1) / 30) };
}

const shareOfTastes = [0.62, 0.26, 0.12];

/** Makes accounts: the same seed, origin and index give the same reader. */
export function createReaderMaker(options: {
  readonly seed: number;
  readonly calendar: Calendar;
}): (origin: ReaderOrigin, index: number, signedUpMs: number) => Reader {
  const root = seededRandom(options.seed).fork('readers');
  const demand: Picker = createPicker(leafCategories.map((leaf) => leaf.demand));
  return (origin, index, signedUpMs) => {
    const random = root.fork(`${origin}:${index}`);
    const wished = new Set<number>();
    const main = demand.pick(random);
    wished.add(main);
    while (wished.size < 3) wished.add(demand.pick(random));
    const draw = random.next();
    const regular = origin === 'regular';
    const kind: ReaderKind =
      regular && draw < 0.008
        ? 'staff'
        : regular && draw < 0.012
          ? 'test'
          : regular && draw < 0.017
            ? 'organisation'
            : 'person';
    const deviceDraw = random.next();
    const device =
      deviceDraw < 0.38 ? 'web' : deviceDraw < 0.64 ? 'ios' : deviceDraw < 0.92 ? 'android' : 'ereader';
    const digits = (): string =>
      Math.floor(random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return {
      id: readerId(origin, index),
      index,
      kind,
      signedUpMs,
      birthYear: 1958 + Math.floor((random.next() + random.next()) * 0.5 * 54),
      gender: chance(random, 0.08) ? 'unknown' : chance(random, 0.58) ? 'female' : 'male',
      marketingConsent: chance(random, 0.55),
      tastes: [...wished].map((category, place) => ({
        category,
        share: shareOfTastes[place] ?? 0,
      })),
      sessionsPerDay: 0.11 * Math.exp(1.05 * random.normal()),
      speed: Math.exp(0.35 * random.normal()),
      continuation: 0.35 + 0.6 * random.next(),
      priceSensitivity: random.next(),
      device,
      deviceId: `d${digits()}${digits()}`,
      ip: `100.${64 + random.below(64)}.${random.below(256)}.0`,
      blocksTracker: device === 'web' && chance(random, 0.04),
    };
  };
}

/** How much a reader likes a title, 0 to 1: taste for its category, for its author, and its quality. */
export function affinity(reader: Reader, catalogue: Catalogue, title: number): number {
  const work = catalogue.workOf(title);
  const taste = reader.tastes.find((each) => each.category === work.category)?.share ?? 0.02;
  const author = unitHash(reader.index, work.author, 17);
  return Math.max(
    0,
    Math.min(1, 0.15 + 0.45 * Math.min(1, taste * 1.5) + 0.3 * author ** 2 + 0.15 * work.quality),
  );
}
