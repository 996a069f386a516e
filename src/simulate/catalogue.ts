import { seededRandom, type BusinessDay } from '../base/index.ts';
import { leafCategories, type Category } from './categories.ts';
import { between, chance } from './distribution.ts';
import { personName, publisherName, workTitle } from './names.ts';
import { createPicker } from './picker.ts';
import type { Word } from './words.ts';

/** A work: one title, or a series of volumes by one author. */
export interface Work {
  readonly index: number;
  readonly category: number;
  readonly author: number;
  readonly publisher: number;
  /** Index of its first volume among the titles; the others follow it. */
  readonly firstTitle: number;
  readonly volumes: number;
  /** Number of the work within its family of titles. */
  readonly serial: number;
  /** How good it is for readers of its kind, about -1 to 1. */
  readonly quality: number;
}

/** The whole of what the shop sells, by index; texts are computed when asked for. */
export interface Catalogue {
  readonly works: readonly Work[];
  readonly titleCount: number;
  readonly authorCount: number;
  readonly publisherCount: number;
  /** The work of a title. */
  workOf(title: number): Work;
  /** Volume number from 1; 0 for a work that is no series. */
  volumeOf(title: number): number;
  categoryOf(title: number): Category;
  /** `t` and seven digits. */
  itemId(title: number): string;
  /** Title in both languages, with the volume. */
  text(title: number): Word;
  /** List price in KRW; 0 for free first volumes. */
  price(title: number): number;
  /** The rental price of 30 days in KRW; 0 when it is not rented out. */
  rentalPrice(title: number): number;
  isAdult(title: number): boolean;
  /** Days from the first simulated day to the release; negative when it was before. */
  releaseOffset(title: number): number;
  /** Size in reading minutes. */
  readingMinutes(title: number): number;
  /** Lasting attraction within its category, positive, heavy-tailed. */
  appeal(title: number): number;
  /** The seeded place of a title's author among authors. */
  authorName(author: number): Word;
  publisherName(publisher: number): Word;
}

const authorsPerWork = 0.4;
const releasedBeforeDaysMax = 1500;
const releasedAfterDaysMax = 60;
const shareReleasedAfter = 0.06;

/**
 * Makes a catalogue of about `titles` titles (exactly that many) from a seed. Memory is about 60
 * bytes a title and 100 a work.
 */
export function createCatalogue(options: { readonly seed: number; readonly titles: number }): Catalogue {
  const random = seededRandom(options.seed).fork('catalogue');
  const count = options.titles;
  const leafPicker = createPicker(
    leafCategories.map((leaf) => leaf.supply / (1 + leaf.series * leaf.volumesMax * 0.4)),
  );
  const authorCount = Math.max(20, Math.round(count * 0.45 * authorsPerWork));
  const publisherCount = Math.max(12, Math.round(Math.sqrt(count) * 0.9));
  const works: Work[] = [];
  const workIndex = new Uint32Array(count);
  const prices = new Uint32Array(count);
  const offsets = new Int16Array(count);
  const minutes = new Uint16Array(count);
  const appeals = new Float32Array(count);
  const flags = new Uint8Array(count);
  const serials = new Map<string, number>();
  for (let title = 0; title < count;) {
    const category = leafPicker.pick(random);
    const leaf = leafCategories[category];
    if (leaf === undefined) break;
    const series = chance(random, leaf.series);
    const wanted = series ? 2 + Math.floor(random.next() ** 1.6 * (leaf.volumesMax - 1)) : 1;
    const volumes = Math.min(wanted, count - title);
    const serial = serials.get(leaf.family) ?? 0;
    serials.set(leaf.family, serial + 1);
    // Authors stay within a category, so that a reader's liking of an author means something.
    const author = Math.floor((category + random.next()) * (authorCount / leafCategories.length));
    const work: Work = {
      index: works.length,
      category,
      author,
      publisher: Math.floor(random.next() ** 2 * publisherCount),
      firstTitle: title,
      volumes,
      serial,
      quality: Math.max(-1, Math.min(1, random.normal() * 0.45)),
    };
    works.push(work);
    const price = Math.round(between(random, leaf.price[0], leaf.price[1]) / 100) * 100;
    const appeal = (0.004 + random.next()) ** -0.9 * Math.exp(0.5 * work.quality);
    const adult = chance(random, leaf.adult);
    const freeFirst = series && volumes >= 3 && chance(random, 0.35);
    const newest = chance(random, shareReleasedAfter)
      ? Math.floor(random.next() * releasedAfterDaysMax)
      : -1 - Math.floor(random.next() ** 1.5 * releasedBeforeDaysMax);
    const gap = 14 + Math.floor(random.next() * 60);
    const length = Math.round(between(random, 70, 320) * (leaf.price[0] < 5000 ? 0.5 : 1));
    for (let volume = 0; volume < volumes; volume++, title++) {
      workIndex[title] = work.index;
      const free = freeFirst && volume === 0;
      prices[title] = free ? 0 : price;
      offsets[title] = Math.max(-30_000, newest - (volumes - 1 - volume) * gap);
      minutes[title] = length;
      appeals[title] = appeal * 0.93 ** volume;
      flags[title] = (adult ? 1 : 0) | (chance(random, 0.4) && !free ? 2 : 0);
    }
  }
  const workOf = (title: number): Work => {
    const work = works[workIndex[title] ?? -1];
    if (work === undefined) throw new RangeError(`the catalogue has no title ${title}`);
    return work;
  };
  const leafOf = (work: Work): Category => leafCategories[work.category] as Category;
  const volumeOf = (title: number): number => {
    const work = workOf(title);
    return work.volumes === 1 ? 0 : title - work.firstTitle + 1;
  };
  return {
    works,
    titleCount: count,
    authorCount,
    publisherCount,
    workOf,
    volumeOf,
    categoryOf: (title) => leafOf(workOf(title)),
    itemId: (title) => `t${String(title + 1).padStart(7, '0')}`,
    text: (title) => {
      const work = workOf(title);
      const base = workTitle(leafOf(work).family, work.serial);
      const volume = volumeOf(title);
      return volume === 0 ? base : { ko: `${base.ko} ${volume}권`, en: `${base.en}, Vol. ${volume}` };
    },
    price: (title) => prices[title] ?? 0,
    rentalPrice: (title) =>
      ((flags[title] ?? 0) & 2) === 0 ? 0 : Math.round(((prices[title] ?? 0) * 0.4) / 100) * 100,
    isAdult: (title) => ((flags[title] ?? 0) & 1) === 1,
    releaseOffset: (title) => offsets[title] ?? 0,
    readingMinutes: (title) => minutes[title] ?? 0,
    appeal: (title) => appeals[title] ?? 0,
    authorName: personName,
    publisherName,
  };
}

/** The series id of a work, or null when it has one volume. */
export function seriesId(work: Work): string | null {
  return work.volumes === 1 ? null : `s${String(work.index + 1).padStart(6, '0')}`;
}

/** `a` and six digits. */
export function authorId(author: number): string {
  return `a${String(author + 1).padStart(6, '0')}`;
}

/** `p` and four digits. */
export function publisherId(publisher: number): string {
  return `p${String(publisher + 1).padStart(4, '0')}`;
}

/** The calendar date of a title's release. */
export function releasedOn(catalogue: Catalogue, title: number, firstDay: BusinessDay): string {
  return Temporal.PlainDate.from(firstDay)
    .add({ days: catalogue.releaseOffset(title) })
    .toString();
}
