/** The REST API: lists, recommendations and metrics over HTTP, its keys, its document and its typed client. */
export { trackerOf } from './routes/tracker.ts';
export { createApi, listen, type ApiOptions, type CollectHandler } from './server.ts';
export type { AlertIndex, AlertStatus } from './alert-schemas.ts';
export type {
  ApiContext,
  ApiServer,
  ExplainLines,
  ListDescription,
  Shelf,
  ShopCategory,
  ShopDescription,
  ShopTitle,
} from './context.ts';
export { openKeyStore, scopes, type ApiKey, type KeyStore, type Scope } from './keys.ts';
export { openAccountStore, parseRole, type AccountStore, type Person } from './accounts.ts';
export { roles, type Role } from './roles.ts';
export type { BatchView } from './mornings.ts';
export type {
  AskedRun,
  DayRun,
  DayRuns,
  OtherRun,
  RequestedRun,
  RunDays,
  TaskAttempt,
  TaskAttempts,
  TaskDetail,
  TaskIndex,
  TaskPlan,
} from './run-schemas.ts';
export type { RunsNow } from './runs-now.ts';
export type { TableDetail, TableList, TablePreview, TableSummary } from './table-schemas.ts';
export type { PastTraffic } from './traffic.ts';
export type {
  CycleNotice,
  CycleStage,
  CycleStatus,
  EditionIndex,
  EditionSummary,
  Traffic,
} from './status-schemas.ts';
export type {
  ItemRankings,
  ListCategories,
  ListComparison,
  ListEditions,
  ListHistory,
  RankChange,
  SearchResults,
} from './list-schemas.ts';
export type {
  ListIndex,
  ListPage,
  MetricIndex,
  MetricSeries,
  RankExplanation,
  ReaderRecommendations,
  RecommendedItem,
  RelatedItems,
} from './schemas.ts';
export type { ReaderShelf, RecommenderEvaluation, RecommenderIndex } from './recommender-schemas.ts';
export type { SessionState } from './session-schemas.ts';
export type { Today } from './today-schemas.ts';
export { createClient, ApiError, type Client, type ClientOptions } from './client.ts';
export { bearerOf } from './authentication.ts';
export type { BlockRows, PageData, PageIndex, PageLayout } from './page-schemas.ts';
export { Problem, problemOf, problemType, toProblem } from './problem.ts';
export type { QueryParameters, QueryRows, QueryTables } from './query-schemas.ts';
export type { EventKinds, FailedEvents, TailEvent, TailNews } from './event-schemas.ts';
export type { FailedRows, Replayed } from './replay-schemas.ts';
export { failedRows, type FailedFilter, type FailedRow } from './failed-rows.ts';
export { replayAnswer, replayFailed, type ReplayOutcome, type ReplayRequest } from './replay.ts';
export { countFailed } from './event-counts.ts';
export { matchingNewest } from './event-tail.ts';
export { createCollectTail } from './collect-tail.ts';
export type { Configuration, Keys, MadeKey, MadePassword, Users, Versions } from './settings-schemas.ts';
