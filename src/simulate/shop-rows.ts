import type { BusinessDay } from '../base/index.ts';
import { authorId, publisherId, releasedOn, seriesId, type Catalogue } from './catalogue.ts';
import { categories } from './categories.ts';
import type { Reader } from './readers.ts';
import type { ShopDay } from './shop-database.ts';
import { instantText } from './stamp.ts';

/** The catalogue's rows that come into the shop on a day: everything that is out on the first, then the day's releases. */
export function catalogueRows(catalogue: Catalogue, firstDay: BusinessDay, offset: number): ShopDay {
  const items: (string | number | null)[][] = [];
  const series = new Map<string, (string | number)[]>();
  const authors = new Map<string, (string | number)[]>();
  for (let title = 0; title < catalogue.titleCount; title++) {
    const released = catalogue.releaseOffset(title);
    if (offset === 0 ? released > 0 : released !== offset) continue;
    const work = catalogue.workOf(title);
    const text = catalogue.text(title);
    const inSeries = seriesId(work);
    const price = catalogue.price(title);
    items.push([
      catalogue.itemId(title),
      text.ko,
      text.en,
      authorId(work.author),
      publisherId(work.publisher),
      inSeries,
      inSeries === null ? null : catalogue.volumeOf(title),
      catalogue.categoryOf(title).id,
      'ko',
      price,
      releasedOn(catalogue, title, firstDay),
      price === 0 ? 1 : 0,
      catalogue.isAdult(title) ? 1 : 0,
    ]);
    const name = catalogue.authorName(work.author);
    authors.set(authorId(work.author), [authorId(work.author), name.ko, name.en]);
    if (inSeries !== null) {
      const strip = (value: string): string => value.replace(/(, Vol\. \d+| \d+권)$/, '');
      series.set(inSeries, [inSeries, strip(text.ko), strip(text.en)]);
    }
  }
  if (offset > 0) return { items, series: [...series.values()], authors: [...authors.values()] };
  const publishers = Array.from({ length: catalogue.publisherCount }, (_, index) => {
    const name = catalogue.publisherName(index);
    return [publisherId(index), name.ko, name.en];
  });
  const tree = categories.map((category) => [
    category.id,
    category.parentId,
    category.nameKo,
    category.nameEn,
  ]);
  return {
    categories: tree,
    publishers,
    items,
    series: [...series.values()],
    authors: [...authors.values()],
  };
}

/** A reader's row. */
export function readerRow(reader: Reader): readonly (string | number)[] {
  return [
    reader.id,
    instantText(reader.signedUpMs),
    reader.birthYear,
    reader.gender,
    reader.marketingConsent ? 1 : 0,
    reader.kind,
  ];
}
