// What the page knows: the query, the numbers, the stream. Components read `state`; every change renders them again.
import { AnalyticsClient, AnalyticsError } from "./client.js";
import * as q from "./query.js";

/** @typedef {import("./query.js").PageQuery} PageQuery */
/** @typedef {{ message: string, requestId?: string, retryAt?: number, code: string, status: number }} Fault */

const refreshInterval = 2_000;
const pollInterval = 15_000;
const quarterHour = 900_000;

export class Store {
  #listeners = new Set();
  #loading = /** @type {AbortController | undefined} */ (undefined);
  #isLoud = false;
  #stream = /** @type {AbortController | undefined} */ (undefined);
  #lastEvent = { id: "", timezone: "" };
  #timers = { retry: 0, refresh: 0, poll: 0, quarter: 0 };
  #refreshedAt = 0;
  #isChanged = false;
  #failures = 0;

  /**
   * @param {import("./client.js").AnalyticsClient} client
   * @param {(message: string) => void} onSignedOut Called with the reason when the service no longer accepts the session.
   */
  constructor(client, onSignedOut) {
    this.client = client;
    this.onSignedOut = onSignedOut;
    /** @type {any} */
    this.state = {
      query: readAddress(),
      busy: true,
      fault: null,
      live: { status: "connecting", at: 0 },
      numbers: null,
      groups: null,
      heat: null,
      labels: null,
      calls: null,
      today: null,
      better: {},
    };
  }

  start() {
    addEventListener("popstate", this.#onPopState);
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.load();
    this.#follow();
    this.#loadDefinitions();
    this.#waitForQuarter();
  }

  stop() {
    removeEventListener("popstate", this.#onPopState);
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#loading?.abort();
    this.#stream?.abort();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param {object} changes */
  set(changes) {
    this.state = { ...this.state, ...changes };
    for (const listener of this.#listeners) listener();
  }

  /** A change by a person: one history entry. @param {Partial<PageQuery>} changes */
  navigate(changes) {
    const query = { ...this.state.query, ...changes };
    const search = q.serialize(query);
    if (search === q.serialize(this.state.query)) return;
    history.pushState(null, "", `?${search}`);
    this.#show(query);
  }

  /** Back to what an empty address shows. */
  startOver() {
    history.pushState(null, "", location.pathname);
    this.#show(readAddress());
  }

  /** Sends the queries of what is on the screen. A quiet one repeats them: what did not change is a 304. */
  async load({ isQuiet = false } = {}) {
    clearTimeout(this.#timers.retry);
    clearTimeout(this.#timers.refresh);
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    this.#isLoud = !isQuiet;
    this.#isChanged = false;
    this.#refreshedAt = Date.now();
    if (!isQuiet) this.set({ busy: true });
    const { query } = this.state;
    const options = { signal: loading.signal, retries: 0 };
    const numbers = this.#loadNumbers(query, options);
    const results = await Promise.allSettled([
      numbers,
      this.#loadGroups(query, options),
      this.#loadHeat(query, numbers, options),
      this.#loadCalls(query, options),
      this.state.labels && this.loadLabels(query, options),
    ]);
    if (loading.signal.aborted) return;
    this.#loading = undefined;
    const failures = results.filter((result) => result.status === "rejected").map((result) => result.reason);
    this.#finish(failures.sort((left, right) => rank(left) - rank(right))[0]);
    if (this.#isChanged) this.#refresh();
  }

  async showMore() {
    const { calls, query } = this.state;
    this.set({ calls: { ...calls, isLoading: true } });
    try {
      const page = await this.client.tasks({ ...q.callsQuery(query), cursor: calls.cursor }, { retries: 1 });
      if (this.state.calls.key !== calls.key) return;
      const tasks = [...this.state.calls.tasks, ...page.tasks];
      this.set({ calls: { ...this.state.calls, tasks, cursor: page.cursor, hasMore: page.has_more, pages: calls.pages + 1, isLoading: false } });
    } catch (error) {
      this.set({ calls: { ...this.state.calls, isLoading: false } });
      this.#finish(error);
    }
  }

  /** Replaces the open pages of calls by the newest one. */
  showNew() {
    const { calls } = this.state;
    this.set({ calls: firstPage(calls.key, calls.newest) });
  }

  /** The dispositions behind "other". @param {PageQuery} query @param {object} options */
  async loadLabels(query = this.state.query, options = { retries: 1 }) {
    if (!q.allowsLabels(query)) return this.set({ labels: { isBlocked: true } });
    if (!this.state.labels) this.set({ labels: {} });
    const data = await this.client.analytics(q.labelsQuery(query), options);
    if (this.state.query === query) this.set({ labels: { rows: data.groups } });
  }

  async #loadNumbers(query, options) {
    const request = q.numbersQuery(query);
    const data = await this.client.analytics(request, options);
    let series = { interval: request.interval, rows: data.series };
    if (!q.hasLowerBound(query) && data.meta?.first_task_at) {
      const all = q.seriesQuery(query, data.meta);
      series = { interval: all.interval, rows: (await this.client.analytics(all, options)).series };
    }
    this.set({ numbers: { query, data, series } });
    return data;
  }

  async #loadGroups(query, options) {
    const by = q.dimensionOf(query);
    if (by === "label" && !q.allowsLabels(query)) return this.set({ groups: { by, isBlocked: true, rows: [] } });
    const data = await this.client.analytics(q.groupsQuery(query), options);
    this.set({ groups: { by, rows: data.groups } });
  }

  async #loadHeat(query, /** @type {Promise<any>} */ numbers, options) {
    const isCut = q.days(query) > 92;
    const data = await this.client.analytics(q.heatQuery(query, isCut ? (await numbers).meta : undefined), options);
    this.set({ heat: { cells: data.groups, isCut } });
  }

  async #loadCalls(query, options) {
    const request = q.callsQuery(query);
    const key = JSON.stringify(request);
    const page = await this.client.tasks(request, options);
    const { calls } = this.state;
    if (calls?.key !== key || calls.pages === 1) return this.set({ calls: firstPage(key, page) });
    // More than a page is open: rows change where they are, and new ones wait.
    const newest = new Map(page.tasks.map((task) => [task.task_id, task]));
    const shown = new Set(calls.tasks.map((task) => task.task_id));
    const added = Math.max((page.total ?? 0) - (calls.total ?? 0), page.tasks.filter((task) => !shown.has(task.task_id)).length);
    this.set({ calls: { ...calls, tasks: calls.tasks.map((task) => newest.get(task.task_id) ?? task), added, newest: page } });
  }

  async #loadDefinitions() {
    const { definitions } = await this.client.definitions().catch(() => ({ definitions: [] }));
    this.set({ better: Object.fromEntries(definitions.map((definition) => [definition.name, definition.better])) });
  }

  #finish(error) {
    if (!error) {
      this.#failures = 0;
      this.#writeTimeZone();
      return this.set({ busy: false, fault: null, loadedAt: Date.now() });
    }
    const failure = error instanceof AnalyticsError ? error : new AnalyticsError(String(error), {});
    if (failure.status === 401 || failure.code === "organization_not_found") return this.onSignedOut(failure.message);
    const isTransient = failure.status === 0 || failure.status === 429 || failure.status >= 500;
    const seconds = failure.retryAfter ?? Math.min(2 ** ++this.#failures, 30);
    if (isTransient) this.#timers.retry = setTimeout(() => this.load({ isQuiet: true }), seconds * 1000);
    this.set({
      busy: false,
      fault: {
        message: failure.message,
        requestId: failure.requestId,
        code: failure.code,
        status: failure.status,
        retryAt: isTransient ? Date.now() + seconds * 1000 : undefined,
      },
    });
  }

  // So that a link shows everybody the same numbers.
  #writeTimeZone() {
    const search = `?${q.serialize(this.state.query)}`;
    if (search !== location.search) history.replaceState(null, "", search);
  }

  #onPopState = () => {
    const query = readAddress();
    if (q.serialize(query) !== q.serialize(this.state.query)) this.#show(query);
  };

  #onVisibility = () => {
    if (document.hidden) {
      this.#stream?.abort();
      clearTimeout(this.#timers.poll);
      this.#setLive("paused");
    } else {
      this.load({ isQuiet: !this.#isLoud });
      this.#follow();
    }
  };

  #show(query) {
    const isMoved = query.timezone !== this.state.query.timezone;
    this.set({ query, labels: null });
    this.load();
    if (isMoved) this.#follow();
  }

  async #follow() {
    this.#stream?.abort();
    if (document.hidden) return;
    const stream = (this.#stream = new AbortController());
    const timezone = this.state.query.timezone;
    const lastEventId = this.#lastEvent.timezone === timezone ? this.#lastEvent.id : "";
    let isChange = lastEventId !== "";
    const options = {
      signal: stream.signal,
      lastEventId,
      onState: (state, error) => {
        if (stream.signal.aborted) return;
        if (error?.status === 429) this.#poll();
        if (state === "live") clearTimeout(this.#timers.poll);
        if (state === "live" || this.state.live.status !== "polling") this.#setLive(state === "live" ? "live" : "connecting");
      },
    };
    try {
      for await (const event of this.client.follow({ date_range: "today", timezone }, options)) {
        this.#lastEvent = { id: event.id, timezone: timezone ?? "" };
        if (event.data) this.set({ today: event.data });
        if (isChange) {
          this.#isChanged = true;
          this.set({ changedAt: Date.now() });
          this.#refresh();
        }
        isChange = true;
      }
    } catch (error) {
      if (stream.signal.aborted) return;
      if (error instanceof AnalyticsError && error.status === 401) this.onSignedOut(error.message);
      else this.#setLive("paused");
    }
  }

  // After a 429 of the stream.
  #poll() {
    this.#setLive("polling");
    clearTimeout(this.#timers.poll);
    this.#timers.poll = setTimeout(async () => {
      const today = this.client.analytics({ date_range: "today", timezone: this.state.query.timezone }, { retries: 0 });
      today.then((data) => this.set({ today: data }), () => {});
      if (!this.#loading) this.load({ isQuiet: true });
      this.#poll();
    }, pollInterval);
  }

  // At most every 2 s, and never while a request of a person is under way.
  #refresh() {
    clearTimeout(this.#timers.refresh);
    if (this.#loading || this.state.fault) return;
    const wait = Math.max(0, this.#refreshedAt + refreshInterval - Date.now());
    this.#timers.refresh = setTimeout(() => this.load({ isQuiet: true }), wait);
  }

  // Relative windows move with the quarter hour, also without a write.
  #waitForQuarter() {
    this.#timers.quarter = setTimeout(() => {
      this.#isChanged = true;
      this.#refresh();
      this.#waitForQuarter();
    }, quarterHour - (Date.now() % quarterHour) + 1_000);
  }

  #setLive(status) {
    if (status !== this.state.live.status) this.set({ live: { status } });
  }
}

function readAddress() {
  const query = q.parse(location.search);
  const isEmpty = Object.keys(query).length === 0;
  return { ...(isEmpty ? q.defaults : {}), ...query, timezone: query.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone };
}

const firstPage = (key, page) =>
  ({ key, pages: 1, tasks: page.tasks, total: page.total, cursor: page.cursor, hasMore: page.has_more, added: 0 });

// What the message is about: the session first, then the query, then the service.
const rank = (error) => [401, 404, 400].indexOf(error.status) + 1 || 4;

// Who is signed in: in a variable and, when not embedded, in this tab's sessionStorage. Nowhere else.

/** @typedef {{ token: string, organisation: string, product: string }} Session */

const storageKey = "analytics.session";
const renewal = 60_000;
const longestTimer = 2_147_483_647;

export const isEmbedded = parent !== self;
const embedders = (document.querySelector("meta[name=embedders]")?.getAttribute("content") ?? "").split(" ").filter(Boolean);
const baseUrl = new URL(".", location.href).href;

/** @param {Session} session */
export const createClient = (session) => new AnalyticsClient({ baseUrl, ...session });

/** The session of the fragment, else that of this tab. @param {URLSearchParams} fragment @returns {Session | null} */
export function read(fragment) {
  const token = fragment.get("token");
  if (token) return { token, organisation: fragment.get("org") ?? "", product: fragment.get("product") || "unpod.dev" };
  if (isEmbedded) return null;
  try {
    const stored = JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
    return stored && expiry(stored.token) > Date.now() ? stored : null;
  } catch {
    return null;
  }
}

/** @param {Session} session */
export function store(session) {
  if (!isEmbedded) sessionStorage.setItem(storageKey, JSON.stringify(session));
}

export const forget = () => {
  if (!isEmbedded) sessionStorage.removeItem(storageKey);
};

/** Calls back at the token's end; embedded a minute earlier, to ask for another one. @param {string} token @param {() => void} onEnd */
export function waitForEnd(token, onEnd) {
  const wait = expiry(token) - Date.now() - (isEmbedded ? renewal : 0);
  const timer = setTimeout(onEnd, Math.min(Math.max(wait, 0), longestTimer));
  return () => clearTimeout(timer);
}

/** Asks the embedding page for a session, and takes it from the configured origins only. @param {(session: Session) => void} onSession */
export function listenToEmbedder(onSession) {
  addEventListener("message", ({ origin, source, data }) => {
    if (source !== parent || !embedders.includes(origin) || data?.type !== "analytics:session" || typeof data.token !== "string") return;
    onSession({ token: data.token, organisation: String(data.org ?? ""), product: String(data.product ?? "unpod.dev") });
  });
}

export function askEmbedder() {
  for (const origin of embedders) parent.postMessage({ type: "analytics:session-wanted" }, origin);
}

/** When a token ends; one without a readable end is the service's matter. @param {string} token */
function expiry(token) {
  try {
    const payload = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return typeof payload.exp === "number" ? payload.exp * 1000 : Infinity;
  } catch {
    return Infinity;
  }
}

/** What the reader prefers; a frame may be without storage. */
export const preferences = {
  /** @param {string} name */
  read(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  /** @param {string} name @param {string} value */
  write(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // For this visit only.
    }
  },
};
