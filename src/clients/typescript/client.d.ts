import type { components } from "./api.js";

type Schemas = components["schemas"];

export type AnalyticsData = Schemas["AnalyticsData"];
export type TaskPage = Schemas["TaskPage"];
export type ListedTask = Schemas["ListedTask"];
export type DefinitionList = Schemas["DefinitionList"];
export type PushedTask = Schemas["PushedTask"];

/** The parameters of a route, with the API's names. An array is a parameter that is repeated; undefined and null are left out. */
export type Query = Record<string, string | number | readonly (string | number)[] | null | undefined>;

export interface ClientOptions {
  /** A token, or what returns one. After a 401 the function is called once more, with the rejected token. */
  token: string | ((rejected?: string) => string | Promise<string>);
  /** The handle of the organisation. */
  organisation: string;
  /** `unpod.dev` if absent. */
  product?: string;
  /** Where the service is; in a browser the page's own origin if absent. */
  baseUrl?: string;
  /** How often a request is sent again: 3 times if absent. */
  retries?: number;
  fetch?: typeof fetch;
}

export interface RequestOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
  method?: string;
  body?: string;
  retries?: number;
}

export interface StreamOptions {
  signal?: AbortSignal;
  /** The `id` of the last event, to go on behind it. */
  lastEventId?: string;
  onState?: (state: "connecting" | "live" | "waiting", error?: AnalyticsError) => void;
}

export interface StreamEvent {
  /** The version, for `lastEventId`. */
  id: string;
  /** Null where something else of the organisation changed. */
  data: AnalyticsData | null;
}

export interface Organisation {
  handle: string;
  name: string;
  role: string;
}

export interface Space {
  token: string;
  name: string;
  slug: string | null;
}

export interface PushTotal {
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: number;
  /** The rejected tasks by their index among all; of each batch the first hundred. */
  errors: { index: number; task_id: string; message: string }[];
}

interface Page {
  has_more: boolean;
  cursor: string | null;
}

interface Lists {
  tasks: TaskPage;
  organisations: Page & { organisations: Organisation[] };
  spaces: Page & { spaces: Space[] };
}

/** An error of the service, by `code`, or a broken connection (`status` 0, `code` `"unreachable"`). */
export class AnalyticsError extends Error {
  constructor(message: string, facts: Partial<AnalyticsError>, cause?: unknown);
  status: number;
  code: string;
  errors: Record<string, string[]>;
  requestId: string | undefined;
  /** Seconds. */
  retryAfter: number | undefined;
}

export class AnalyticsClient {
  constructor(options: ClientOptions);
  /** The totals; with `interval`, `group_by`, `compare` and `include` also series, groups and a comparison. */
  analytics(query?: Query, options?: RequestOptions): Promise<AnalyticsData>;
  /** One page of calls, the newest first. */
  tasks(query?: Query, options?: RequestOptions): Promise<TaskPage>;
  /** What each number means. */
  definitions(options?: RequestOptions): Promise<DefinitionList>;
  /** The organisations that the token may read. */
  organisations(query?: Query, options?: RequestOptions): Promise<Lists["organisations"]>;
  /** The spaces of the organisation. */
  spaces(query?: Query, options?: RequestOptions): Promise<Lists["spaces"]>;
  /** Every page of a list: `for await (const page of client.pages("tasks", { date_range: "7d" }))`. */
  pages<List extends keyof Lists>(list: List, query?: Query, options?: RequestOptions): AsyncGenerator<Lists[List], void, undefined>;
  /** All calls of one version, as one streamed response. A connection that breaks midway is an error, never a short list. */
  export(query?: Query, options?: RequestOptions): AsyncGenerator<ListedTask, void, undefined>;
  /** Writes tasks in batches. A task that breaks a rule is in `errors`, by its index; the others are written. */
  push(tasks: Iterable<PushedTask> | AsyncIterable<PushedTask>, options?: RequestOptions): Promise<PushTotal>;
  /** The numbers, now and after each change, for as long as the loop runs. A stream that breaks or is silent is resumed where it was. */
  follow(query?: Query, options?: StreamOptions): AsyncGenerator<StreamEvent, void, undefined>;
  /**
   * Any request, as the response of `fetch`. It is sent again after a broken connection and after 429, 502, 503 and 504, when
   * `Retry-After` says. An AnalyticsError if it still fails.
   */
  request(path: string, query?: Query, options?: RequestOptions): Promise<Response>;
  /** The address of a request: what `curl` takes. */
  url(path: string, query?: Query): string;
}
