import type {
  Health,
  ListIndex,
  ListPage,
  MetricIndex,
  MetricSeries,
  RankExplanation,
  ReaderRecommendations,
  RelatedItems,
} from './schemas.ts';
import type { Problem } from './problem.ts';

/** Thrown by the client for every answer that is an error. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Address of the API, e.g. `http://127.0.0.1:8085`. */
  readonly url: string;
  readonly key: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

interface EditionChoice {
  /** Business day, `YYYY-MM-DD`. Default: the newest. */
  readonly date?: string;
  readonly edition?: string;
  readonly limit?: number;
}

/** The API with its types: every answer has the shape of its route's schema. */
export interface Client {
  lists(): Promise<ListIndex>;
  list(
    list: string,
    query?: EditionChoice & { readonly category?: string; readonly cursor?: string },
  ): Promise<ListPage>;
  explanation(
    list: string,
    itemId: string,
    query?: Omit<EditionChoice, 'limit'> & { readonly category?: string; readonly lines?: boolean },
  ): Promise<RankExplanation>;
  recommendations(
    readerId: string,
    query?: EditionChoice & { readonly recommender?: string },
  ): Promise<ReaderRecommendations>;
  related(itemId: string, query?: EditionChoice & { readonly recommender?: string }): Promise<RelatedItems>;
  metrics(): Promise<MetricIndex>;
  metric(
    metric: string,
    query?: {
      readonly from?: string;
      readonly to?: string;
      readonly grain?: 'day' | 'week' | 'month';
      readonly by?: string;
    },
  ): Promise<MetricSeries>;
  health(): Promise<Health>;
}

/** A typed client of the REST API. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? globalThis.fetch;
  const get = async <T>(path: string, query: object = {}): Promise<T> => {
    const url = new URL(path, options.url);
    for (const [name, value] of Object.entries(query) as [string, unknown][]) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await send(url, { headers: { authorization: `Bearer ${options.key}` } });
    const body: unknown = await response.json();
    if (!response.ok) throw new ApiError(response.status, body as Problem);
    return body as T;
  };
  const segment = encodeURIComponent;
  return {
    lists: () => get('/v1/bestsellers'),
    list: (list, query) => get(`/v1/bestsellers/${segment(list)}`, query),
    explanation: (list, itemId, query) =>
      get(`/v1/bestsellers/${segment(list)}/items/${segment(itemId)}/explanation`, query),
    recommendations: (readerId, query) => get(`/v1/readers/${segment(readerId)}/recommendations`, query),
    related: (itemId, query) => get(`/v1/items/${segment(itemId)}/related`, query),
    metrics: () => get('/v1/metrics'),
    metric: (metric, query) => get(`/v1/metrics/${segment(metric)}`, query),
    health: () => get('/v1/health'),
  };
}
