export { createCatalogue, type Catalogue } from "./catalogue.ts";
export { categories, leafCategories, type Category } from "./categories.ts";
export {
  writeHistory,
  type HistoryOptions,
  type HistorySinks,
  type WrittenDay,
} from "./history.ts";
export { liveTraffic, type LiveBatch } from "./live.ts";
export type { Manipulation } from "./manipulation.ts";
export type { Reader } from "./readers.ts";
export { salesOfDay, writeSales, type Sale, type SalesOptions } from "./sales.ts";
export { sendEvents, toInput, type SendResult } from "./send.ts";
export { openShopDatabase, type ShopDatabase } from "./shop-database.ts";
export {
  createWorld,
  type DayTruth,
  type SimulatedDay,
  type World,
  type WorldOptions,
} from "./world.ts";
