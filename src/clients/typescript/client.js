// @ts-check
/** @import { AnalyticsClient as Client, ClientOptions, PushTotal } from "./client.d.ts" */
// Reads and writes the numbers of one organisation. Works in browsers, Node, Deno and Bun, without dependencies.

const root = "/api/v2/platform/";
const silence = 35_000; // The service sends a comment every 15 s.
const cacheSize = 50;
const batchSize = 1_000;
const batchLength = 4_000_000;
const transient = [0, 429, 502, 503, 504]; // 0 without a response.

export class AnalyticsError extends Error {
  name = "AnalyticsError";
  status = 0;
  code = "unreachable";
  /** @type {Record<string, string[]>} */
  errors = {};
  /** @type {string | undefined} */
  requestId;
  /** @type {number | undefined} */
  retryAfter;

  /** @param {string} message @param {Partial<AnalyticsError>} facts @param {unknown} [cause] */
  constructor(message, facts, cause) {
    super(message, { cause });
    Object.assign(this, facts);
  }
}

/** @implements {Client} */
export class AnalyticsClient {
  #cache = new Map();
  #options;

  /** @param {ClientOptions} options */
  constructor(options) {
    this.#options = { baseUrl: "", product: "unpod.dev", retries: 3, ...options };
  }

  /** @type {Client["analytics"]} */
  analytics(query, options) {
    return this.#get("organisation/analytics/", query, options);
  }

  /** @type {Client["tasks"]} */
  tasks(query, options) {
    return this.#get("organisation/analytics/tasks/", query, options);
  }

  /** @type {Client["definitions"]} */
  definitions(options) {
    return this.#get("organisation/analytics/definitions/", {}, options);
  }

  /** @type {Client["organisations"]} */
  organisations(query, options) {
    return this.#get("organisations/", query, options);
  }

  /** @type {Client["spaces"]} */
  spaces(query, options) {
    return this.#get("organisation/spaces/", query, options);
  }

  /** @type {Client["pages"]} */
  async *pages(list, query, options) {
    for (let cursor; ;) {
      const page = /** @type {any} */ (await this[list](cursor ? { ...query, cursor } : query, options));
      yield page;
      if (!page.has_more) return;
      cursor = page.cursor;
    }
  }

  /** @type {Client["export"]} */
  async *export(query, options) {
    const response = await this.request("organisation/analytics/tasks/", { ...query, format: "ndjson" }, options);
    for await (const line of split(response, "\n")) {
      if (line) yield JSON.parse(line);
    }
  }

  /** @type {Client["push"]} */
  async push(tasks, options) {
    /** @type {PushTotal} */
    const total = { inserted: 0, updated: 0, unchanged: 0, rejected: 0, errors: [] };
    let first = 0;
    let length = 0;
    let batch = /** @type {string[]} */ ([]);
    const headers = { "Content-Type": "application/json" };
    const send = async () => {
      const request = { ...options, method: "POST", headers, body: `[${batch}]` };
      const { data } = await this.#send((response) => response.json(), "organisation/tasks/", {}, request);
      for (const count of /** @type {const} */ (["inserted", "updated", "unchanged", "rejected"])) total[count] += data[count];
      for (const error of data.errors) total.errors.push({ ...error, index: first + error.index });
      first += batch.length;
      [batch, length] = [[], 0];
    };
    for await (const task of tasks) {
      const text = JSON.stringify(task);
      if (batch.length === batchSize || (batch.length && length + text.length > batchLength)) await send();
      batch.push(text);
      length += text.length;
    }
    if (batch.length) await send();
    return total;
  }

  /** @type {Client["follow"]} */
  async *follow(query, { signal, onState, lastEventId: id } = {}) {
    for (let attempt = 0; !signal?.aborted; attempt++) {
      const connection = new AbortController();
      const abort = () => connection.abort();
      let watchdog = setTimeout(abort, silence);
      const restart = () => {
        clearTimeout(watchdog);
        watchdog = setTimeout(abort, silence);
      };
      signal?.addEventListener("abort", abort, { signal: connection.signal });
      let failure;
      try {
        onState?.("connecting");
        const response = await this.request("organisation/analytics/stream/", query, {
          signal: connection.signal, headers: id ? { "Last-Event-ID": id } : {}, retries: 0,
        });
        onState?.("live");
        for await (const block of split(response, "\n\n", restart)) {
          const event = Object.fromEntries(block.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^\w*: ?/, "")]));
          if (!event.id) continue; // A comment.
          id = event.id;
          attempt = 0;
          yield { id: event.id, data: event.event === "version" ? null : JSON.parse(event.data).data };
        }
      } catch (error) {
        failure = error instanceof AnalyticsError ? error : new AnalyticsError("The stream broke.", {}, error);
        if (!signal?.aborted && !transient.includes(failure.status)) throw failure;
      } finally {
        clearTimeout(watchdog);
        abort();
      }
      if (signal?.aborted) return;
      onState?.("waiting", failure);
      await pause(backoff(attempt, failure), signal);
    }
  }

  /** @type {Client["request"]} */
  request(path, query, options) {
    return this.#send((response) => response, path, query, options);
  }

  /** @type {Client["url"]} */
  url(path, query = {}) {
    const pairs = Object.entries(query).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, String(one)]));
    const text = String(new URLSearchParams(pairs));
    return this.#options.baseUrl.replace(/\/$/, "") + root + path + (text && `?${text}`);
  }

  /** A response that has not changed (304) is the same object as before. @type {(...request: Parameters<Client["request"]>) => Promise<any>} */
  async #get(path, query, options) {
    const key = this.url(path, query);
    const known = this.#cache.get(key);
    const headers = { ...options?.headers, ...(known && { "If-None-Match": known.etag }) };
    const entry = await this.#send(
      async (response) => response.status === 304 ? known : { etag: response.headers.get("ETag"), data: (await response.json()).data },
      path, query, { ...options, headers });
    this.#cache.delete(key);
    if (entry.etag) this.#cache.set(key, entry);
    if (this.#cache.size > cacheSize) this.#cache.delete(this.#cache.keys().next().value);
    return entry.data;
  }

  // A response that breaks off while it is read is a broken connection too.
  /** @type {(read: (response: Response) => unknown, ...request: Parameters<Client["request"]>) => Promise<any>} */
  async #send(read, path, query, options = {}) {
    const { organisation, product, token } = this.#options;
    const { method, body, signal, retries = this.#options.retries } = options;
    /** @type {string | undefined} */
    let rejected;
    for (let attempt = 0; ; attempt++) {
      const credential = typeof token === "function" ? await token(rejected) : token;
      const headers = { Accept: "application/json", Authorization: `Bearer ${credential}`, ...options.headers };
      if (path !== "organisations/") Object.assign(headers, { "Org-Handle": organisation, "Product-Id": product });
      let failure;
      try {
        const response = await (this.#options.fetch ?? fetch)(this.url(path, query), { method, body, headers, signal });
        if (response.ok || response.status === 304) return await read(response);
        failure = await readError(response);
      } catch (error) {
        if (signal?.aborted) throw error;
        failure = new AnalyticsError("The service cannot be reached.", {}, error);
      }
      if (failure.status === 401 && typeof token === "function" && !rejected) {
        rejected = credential;
      } else if (attempt >= retries || !transient.includes(failure.status)) {
        throw failure;
      } else {
        await pause(backoff(attempt, failure), signal);
      }
    }
  }
}

/** @param {Response} response */
async function readError(response) {
  const body = await response.json().catch(() => ({}));
  return new AnalyticsError(body.message ?? `The service responded with ${response.status}.`, {
    status: response.status,
    code: body.code ?? "unknown",
    errors: body.errors ?? {},
    requestId: body.request_id ?? response.headers.get("X-Request-Id") ?? undefined,
    retryAfter: Number(response.headers.get("Retry-After")) || undefined,
  });
}

/** @param {Response} response @param {string} separator @param {() => void} [onChunk] */
async function* split(response, separator, onChunk) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (let chunk; !(chunk = await reader.read()).done;) {
      onChunk?.();
      const parts = (rest + decoder.decode(chunk.value, { stream: true })).split(separator);
      rest = parts.pop() ?? "";
      yield* parts;
    }
    yield rest;
  } finally {
    reader.cancel().catch(() => {});
  }
}

// Never before the time that the service names; at random, so that clients that failed together do not return together.
/** @type {(attempt: number, failure?: AnalyticsError) => number} */
const backoff = (attempt, failure) =>
  Math.max(failure?.retryAfter ?? 0, Math.min(2 ** attempt, 30) * (0.5 + Math.random() / 2)) * (1_000 + Math.random() * 250);

/** @type {(milliseconds: number, signal?: AbortSignal) => Promise<void>} */
const pause = (milliseconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done);
  });
