import { type BusinessDay, hashJson } from '../base/index.ts';
import type { Edition } from '../serving/index.ts';
import type { RecommendWarehouse } from './load.ts';
import { type Recommender, ruleVersion } from './recommender.ts';

/** What the tables of a recommender were when one looked: the properties that a build leaves behind. */
export interface InputBuilds {
  readonly interactions: Readonly<Record<string, string>>;
  readonly titles: Readonly<Record<string, string>>;
}

/** Two looks at the catalogue, whatever the number of days that are asked about. */
export async function inputBuilds(
  warehouse: RecommendWarehouse,
  recommender: Recommender,
): Promise<InputBuilds> {
  const propertiesOf = async (table: string): Promise<Readonly<Record<string, string>>> =>
    (await warehouse.table(table))?.metadata.properties ?? {};
  return {
    interactions: await propertiesOf(recommender.interactions.table),
    titles: await propertiesOf(recommender.titles.table),
  };
}

/** What an edition keeps of its inputs' builds: one hash of the days of its history and the build of the titles. */
export function inputStamps(
  warehouse: RecommendWarehouse,
  { interactions, titles }: Recommender,
  day: BusinessDay,
  builds: InputBuilds,
): Readonly<Record<string, string>> {
  const from = warehouse.calendar.addDays(day, 1 - interactions.historyDays);
  const days = Object.entries(builds.interactions)
    .filter(([name]) => name.startsWith(dayPrefix) && name >= dayPrefix + from && name <= dayPrefix + day)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    [`days:${interactions.table}`]: hashJson(days).slice(0, 16),
    [`built:${titles.table}`]: builds.titles[builtProperty] ?? '',
  };
}

/**
 * Whether an edition was made by these rules from its inputs as they are built now. A later build of the titles matters only to
 * the newest day: earlier editions are history, and a table without days can't tell what it was on their day.
 */
export function isCurrent(
  edition: Edition | undefined,
  recommender: Recommender,
  stamps: Readonly<Record<string, string>>,
  builds: InputBuilds,
): boolean {
  if (edition === undefined || edition.rule_version !== ruleVersion(recommender)) return false;
  const [daysName, titlesName] = [
    `days:${recommender.interactions.table}`,
    `built:${recommender.titles.table}`,
  ];
  if (edition.inputs[daysName] !== stamps[daysName]) return false;
  const laterDay = Object.keys(builds.interactions).some(
    (name) => name.startsWith(dayPrefix) && name.slice(dayPrefix.length) > edition.business_day,
  );
  return laterDay || edition.inputs[titlesName] === stamps[titlesName];
}

const dayPrefix = 'octavo.day.';
const builtProperty = 'octavo.built';
