// @ts-check
// Reads and writes the numbers of one organisation. Works in browsers, Node, Deno and Bun, without dependencies.

/** @typedef {import("./client.js").ClientOptions} ClientOptions */
/** @typedef {import("./client.js").RequestOptions} RequestOptions */
/** @typedef {import("./client.js").StreamOptions} StreamOptions */
/** @typedef {import("./client.js").Query} Query */

const root = "/api/v2/platform/";
const silence = 35_000; // The service sends a comment every 15 s.
const cacheSize = 50;
const batchSize = 1_000;
const batchLength = 4_000_000;
const transient = [429, 502, 503, 504];

/** An error of the service, by `code`, or a broken connection (`status` 0, `code` `"unreachable"`). */
export class AnalyticsError extends Error {
  /** @param {string} message @param {Partial<AnalyticsError>} facts */
  constructor(message, facts, /** @type {unknown} */ cause = undefined) {
    super(message, { cause });
    this.name = "AnalyticsError";
    this.status = 0;
    this.code = "unreachable";
    /** What is wrong, by input. @type {Record<string, string[]>} */
    this.errors = {};
    /** @type {string | undefined} */
    this.requestId = undefined;
    /** Seconds. @type {number | undefined} */
    this.retryAfter = undefined;
    Object.assign(this, facts);
  }
}

export class AnalyticsClient {
  /** @type {Map<string, { etag: string, data: any }>} */
  #cache = new Map();
  #options;

  /** @param {ClientOptions} options */
  constructor(options) {
    this.#options = { baseUrl: "", product: "unpod.dev", retries: 3, ...options };
  }

  /** The totals; with `interval`, `group_by`, `compare` and `include` also series, groups and a comparison. */
  analytics(/** @type {Query} */ query = {}, /** @type {RequestOptions} */ options = {}) {
    return this.#get("organisation/analytics/", query, options);
  }

  /** One page of calls, the newest first. */
  tasks(/** @type {Query} */ query = {}, /** @type {RequestOptions} */ options = {}) {
    return this.#get("organisation/analytics/tasks/", query, options);
  }

  /** What each number means. */
  definitions(/** @type {RequestOptions} */ options = {}) {
    return this.#get("organisation/analytics/definitions/", {}, options);
  }

  /** The organisations that the token may read. */
  organisations(/** @type {Query} */ query = {}, /** @type {RequestOptions} */ options = {}) {
    return this.#get("organisations/", query, options);
  }

  /** The spaces of the organisation. */
  spaces(/** @type {Query} */ query = {}, /** @type {RequestOptions} */ options = {}) {
    return this.#get("organisation/spaces/", query, options);
  }

  /** Every page of `tasks`, `organisations` or `spaces`: `for await (const page of client.pages("tasks", { date_range: "7d" }))`. */
  async *pages(
    /** @type {"tasks" | "organisations" | "spaces"} */ list,
    /** @type {Query} */ query = {},
    /** @type {RequestOptions} */ options = {},
  ) {
    for (let cursor; ;) {
      /** @type {any} */
      const page = await this[list](cursor ? { ...query, cursor } : query, options);
      yield page;
      if (!page.has_more) return;
      cursor = page.cursor;
    }
  }

  /** All calls of one version, as one streamed response. A connection that breaks midway is an error, never a short list. */
  async *export(/** @type {Query} */ query = {}, /** @type {RequestOptions} */ options = {}) {
    const response = await this.request("organisation/analytics/tasks/", { ...query, format: "ndjson" }, options);
    for await (const line of split(response, "\n")) {
      if (line) yield JSON.parse(line);
    }
  }

  /** Writes tasks in batches. A task that breaks a rule is in `errors`, by its index; the others are written. */
  async push(/** @type {Iterable<object> | AsyncIterable<object>} */ tasks, /** @type {RequestOptions} */ options = {}) {
    const total = { inserted: 0, updated: 0, unchanged: 0, rejected: 0, errors: /** @type {any[]} */ ([]) };
    let first = 0;
    let length = 0;
    /** @type {string[]} */
    let batch = [];
    const send = async () => {
      const { data } = await this.#json("organisation/tasks/", {}, {
        ...options,
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: `[${batch}]`,
      });
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

  /**
   * The numbers, now and after each change, for as long as the loop runs. A stream that breaks or is silent is resumed where
   * it was. `data` is null where something else of the organisation changed.
   */
  async *follow(/** @type {Query} */ query = {}, /** @type {StreamOptions} */ options = {}) {
    const { signal, onState = () => {} } = options;
    let id = options.lastEventId;
    for (let attempt = 0; !signal?.aborted; attempt++) {
      const connection = new AbortController();
      const abort = () => connection.abort();
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let watchdog;
      const restart = () => {
        clearTimeout(watchdog);
        watchdog = setTimeout(abort, silence);
      };
      signal?.addEventListener("abort", abort);
      let failure;
      try {
        onState("connecting");
        restart();
        const response = await this.request("organisation/analytics/stream/", query, {
          signal: connection.signal,
          headers: id ? { "Last-Event-ID": id } : {},
          retries: 0,
        });
        onState("live");
        for await (const block of split(response, "\n\n", restart)) {
          const event = Object.fromEntries(block.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^\w*: ?/, "")]));
          if (!event.id) continue; // A comment.
          id = event.id;
          attempt = 0;
          yield { id, data: event.event === "version" ? null : JSON.parse(event.data).data };
        }
      } catch (error) {
        failure = error instanceof AnalyticsError ? error : new AnalyticsError("The stream broke.", {}, error);
        if (!signal?.aborted && failure.status && !transient.includes(failure.status)) throw failure;
      } finally {
        clearTimeout(watchdog);
        signal?.removeEventListener("abort", abort);
        abort();
      }
      if (signal?.aborted) return;
      onState("waiting", failure);
      await pause(backoff(attempt, failure), signal);
    }
  }

  /**
   * Any request, as the response of `fetch`. It is sent again after a broken connection and after 429, 502, 503 and 504, when
   * `Retry-After` says. An AnalyticsError if it still fails.
   */
  async request(/** @type {string} */ path, /** @type {Query} */ query = {}, /** @type {RequestOptions} */ options = {}) {
    const { organisation, product, token, retries } = this.#options;
    /** @type {string | undefined} */
    let rejected;
    for (let attempt = 0; ; attempt++) {
      const credential = typeof token === "function" ? await token(rejected) : token;
      /** @type {Record<string, string>} */
      const headers = { Accept: "application/json", Authorization: `Bearer ${credential}`, ...options.headers };
      if (path !== "organisations/") Object.assign(headers, { "Org-Handle": organisation, "Product-Id": product });
      let failure;
      try {
        const response = await (this.#options.fetch ?? fetch)(this.url(path, query), {
          method: options.method,
          body: options.body,
          headers,
          signal: options.signal,
        });
        if (response.ok || response.status === 304) return response;
        failure = await read(response);
      } catch (error) {
        if (options.signal?.aborted) throw error;
        failure = new AnalyticsError("The service cannot be reached.", {}, error);
      }
      if (failure.status === 401 && typeof token === "function" && !rejected) {
        rejected = credential;
      } else if (attempt >= (options.retries ?? retries) || (failure.status && !transient.includes(failure.status))) {
        throw failure;
      } else {
        await pause(backoff(attempt, failure), options.signal);
      }
    }
  }

  /** The address of a request: what `curl` takes. */
  url(/** @type {string} */ path, /** @type {Query} */ query = {}) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined && one !== null) search.append(name, String(one));
      }
    }
    const text = String(search);
    return this.#options.baseUrl.replace(/\/$/, "") + root + path + (text && `?${text}`);
  }

  async #get(/** @type {string} */ path, /** @type {Query} */ query, /** @type {RequestOptions} */ options) {
    const key = this.url(path, query);
    const known = this.#cache.get(key);
    const { data, etag } = await this.#json(path, query, known ? { ...options, headers: { "If-None-Match": known.etag } } : options);
    const entry = data === undefined && known ? known : { etag, data };
    this.#cache.delete(key);
    if (entry.etag) this.#cache.set(key, entry);
    if (this.#cache.size > cacheSize) this.#cache.delete(/** @type {string} */ (this.#cache.keys().next().value));
    return entry.data;
  }

  // A body that breaks off is a broken connection too.
  async #json(/** @type {string} */ path, /** @type {Query} */ query, /** @type {RequestOptions} */ options) {
    for (let attempt = 0; ; attempt++) {
      const response = await this.request(path, query, options);
      const etag = response.headers.get("ETag") ?? "";
      if (response.status === 304) return { etag };
      try {
        return { etag, data: (await response.json()).data };
      } catch (error) {
        if (options.signal?.aborted) throw error;
        if (attempt >= (options.retries ?? this.#options.retries)) throw new AnalyticsError("The response broke off.", {}, error);
        await pause(backoff(attempt), options.signal);
      }
    }
  }
}

async function read(/** @type {Response} */ response) {
  /** @type {any} */
  const body = await response.json().catch(() => ({}));
  return new AnalyticsError(body.message ?? `The service responded with ${response.status}.`, {
    status: response.status,
    code: body.code ?? "unknown",
    errors: body.errors ?? {},
    requestId: body.request_id ?? response.headers.get("X-Request-Id") ?? undefined,
    retryAfter: Number(response.headers.get("Retry-After")) || undefined,
  });
}

async function* split(/** @type {Response} */ response, /** @type {string} */ separator, onChunk = () => {}) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (let chunk; !(chunk = await reader.read()).done;) {
      onChunk();
      const parts = (rest + decoder.decode(chunk.value, { stream: true })).split(separator);
      rest = /** @type {string} */ (parts.pop());
      yield* parts;
    }
    yield rest;
  } finally {
    reader.cancel().catch(() => {});
  }
}

// Never before the time that the service names; at random, so that clients that failed together do not return together.
const backoff = (/** @type {number} */ attempt, /** @type {AnalyticsError | undefined} */ failure = undefined) =>
  Math.max(failure?.retryAfter ?? 0, Math.min(2 ** attempt, 30) * (0.5 + Math.random() / 2)) * (1_000 + Math.random() * 250);

/** @returns {Promise<void>} */
const pause = (/** @type {number} */ milliseconds, /** @type {AbortSignal | undefined} */ signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done);
  });
