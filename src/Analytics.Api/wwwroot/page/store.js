// What the page knows: the query, the numbers, the stream. Components read `state`; every change renders them again.
import { AnalyticsClient, AnalyticsError } from "./client.js";
import * as q from "./query.js";

const [refreshInterval, pollInterval, quarterHour] = [2_000, 15_000, 900_000];

/** `onSignedOut` is called with the reason when the service no longer accepts the session. */
export function createStore(client, onChange, onSignedOut) {
  let state = /** @type {any} */ ({ query: readAddress(), busy: true, live: "connecting", better: {}, order: { column: "calls" } });
  let loading;
  let stream;
  let lastEventId = "";
  let isChanged = false;
  let refreshedAt = 0;
  let failures = 0;
  const timers = {};

  function start() {
    addEventListener("popstate", onPopState);
    document.addEventListener("visibilitychange", onVisibility);
    load();
    follow();
    waitForQuarter();
  }

  function stop() {
    removeEventListener("popstate", onPopState);
    document.removeEventListener("visibilitychange", onVisibility);
    loading?.abort();
    stream?.abort();
    Object.values(timers).forEach(clearTimeout);
  }

  function set(changes) {
    state = { ...state, ...changes };
    onChange();
  }

  /** A change by a person: one history entry. */
  function navigate(changes) {
    const query = { ...state.query, ...changes };
    if (isShown(query)) return;
    history.pushState(null, "", `?${q.serialize(query)}`);
    show(query);
  }

  function startOver() {
    history.pushState(null, "", location.pathname);
    show(readAddress());
  }

  /** Sends the queries of what is on the screen. A quiet one repeats them: what did not change is a 304. */
  async function load({ isQuiet = false } = {}) {
    clearTimeout(timers.retry);
    clearTimeout(timers.refresh);
    loading?.abort();
    const own = (loading = new AbortController());
    isChanged = false;
    refreshedAt = Date.now();
    if (!isQuiet) set({ busy: true });
    const { query } = state;
    const options = { signal: own.signal, retries: 0 };
    const numbers = loadNumbers(query, options);
    const results = await Promise.allSettled([
      numbers,
      loadGroups(query, options),
      loadHeat(query, numbers, options),
      loadCalls(query, options),
      state.definitions ?? loadDefinitions(options),
    ]);
    if (own.signal.aborted) return;
    loading = undefined;
    const errors = results.flatMap((result) => result.status === "rejected" ? result.reason : []);
    finish(errors.find(({ status }) => status === 401) ?? errors[0]);
    if (isBehind()) refresh();
  }

  async function showMore() {
    const { calls, query } = state;
    setCalls({ isLoading: true });
    try {
      const { tasks, cursor, has_more } = await client.tasks({ ...q.callsQuery(query), cursor: calls.cursor }, { retries: 1 });
      if (state.calls.key !== calls.key) return;
      setCalls({ tasks: [...calls.tasks, ...tasks], cursor, has_more, isMore: true });
    } catch (error) {
      finish(error);
    }
    setCalls({ isLoading: false });
  }

  function showNew() {
    setCalls({ ...state.calls.newest, added: 0, isMore: false });
  }

  function setCalls(changes) {
    set({ calls: { ...state.calls, ...changes } });
  }

  async function loadNumbers(query, options) {
    const request = q.numbersQuery(query);
    const data = await client.analytics(request, options);
    let series = { interval: request.interval, rows: data.series };
    if (!q.hasLowerBound(query) && data.meta.first_task_at) {
      const all = q.seriesQuery(query, data.meta);
      series = { interval: all.interval, rows: (await client.analytics(all, options)).series };
    }
    set({ numbers: { query, data, series } });
    return data;
  }

  async function loadGroups(query, options) {
    const by = q.dimensionOf(query);
    if (by === "label" && !q.allowsLabels(query)) return set({ groups: { by, isBlocked: true, rows: [] } });
    set({ groups: { by, rows: (await client.analytics(q.groupsQuery(query), options)).groups } });
  }

  async function loadHeat(query, numbers, options) {
    const isCut = q.isLong(query);
    const request = q.heatQuery(query, isCut ? (await numbers).meta : undefined);
    set({ heat: { cells: (await client.analytics(request, options)).groups, isCut } });
  }

  async function loadCalls(query, options) {
    const request = q.callsQuery(query);
    const key = JSON.stringify(request);
    const page = await client.tasks(request, options);
    const { calls } = state;
    if (calls?.key !== key || !calls.isMore) return set({ calls: { key, ...page, added: 0 } });
    // More than a page is open: rows change where they are, and new ones wait.
    const newest = new Map(page.tasks.map((task) => [task.task_id, task]));
    const shown = new Set(calls.tasks.map((task) => task.task_id));
    const added = Math.max(page.total - calls.total, page.tasks.filter((task) => !shown.has(task.task_id)).length);
    setCalls({ tasks: calls.tasks.map((task) => newest.get(task.task_id) ?? task), added, newest: page });
  }

  async function loadDefinitions(options) {
    const { definitions } = await client.definitions(options);
    set({ definitions, better: Object.fromEntries(definitions.map(({ name, better }) => [name, better])) });
  }

  function finish(error) {
    if (!error) {
      failures = 0;
      history.replaceState(null, "", `?${q.serialize(state.query)}`); // With its time zone, a link shows everybody the same numbers.
      return set({ busy: false, fault: null });
    }
    const { message, status, code, requestId, retryAfter } = error instanceof AnalyticsError ? error : new AnalyticsError(String(error), {});
    if (status === 401 || code === "organization_not_found") return onSignedOut(message);
    const isTransient = status === 0 || status === 429 || status >= 500;
    const wait = (retryAfter ?? Math.min(2 ** ++failures, 30)) * 1000;
    if (isTransient) after("retry", wait, () => load({ isQuiet: true }));
    set({ busy: false, fault: { message, code, requestId, retryAt: isTransient && Date.now() + wait } });
  }

  const isShown = (query) => q.serialize(query) === q.serialize(state.query);

  // A jump within the page is one too.
  const onPopState = () => {
    const query = readAddress();
    if (!isShown(query)) show(query);
  };

  const onVisibility = () => {
    if (document.hidden) {
      stream?.abort();
      clearTimeout(timers.poll);
      setLive("paused");
    } else {
      load({ isQuiet: !state.busy });
      follow();
    }
  };

  function show(query) {
    const isMoved = query.timezone !== state.query.timezone;
    set({ query });
    load();
    if (!isMoved) return;
    lastEventId = "";
    follow();
  }

  async function follow() {
    stream?.abort();
    if (document.hidden) return;
    const { signal } = (stream = new AbortController());
    let isFirst = lastEventId === "";
    const onState = (phase, error) => {
      if (signal.aborted) return;
      if (error?.status === 429 && state.live !== "polling") poll();
      if (phase === "live") clearTimeout(timers.poll);
      if (phase === "live" || state.live !== "polling") setLive(phase === "live" ? "live" : "connecting");
    };
    try {
      for await (const { id, data } of client.follow(q.todayQuery(state.query), { signal, lastEventId, onState })) {
        lastEventId = id;
        if (data) set({ today: data });
        if (!isFirst) {
          isChanged = true;
          set({ changedAt: Date.now() });
        }
        if (isBehind()) refresh();
        isFirst = false;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401) onSignedOut(error.message);
      else setLive("paused");
    }
  }

  // After a 429 of the stream.
  function poll() {
    setLive("polling");
    after("poll", pollInterval, () => {
      client.analytics(q.todayQuery(state.query), { retries: 0 }).then((today) => set({ today }), () => {});
      if (!loading) load({ isQuiet: true });
      poll();
    });
  }

  const changedAt = (report) => Date.parse(report?.meta.data_through);

  // Also after a change between the numbers and the first event.
  const isBehind = () => isChanged || changedAt(state.today) > changedAt(state.numbers?.data);

  // At most every 2 s, and never while a request of a person is under way.
  function refresh() {
    clearTimeout(timers.refresh);
    if (loading || state.fault) return;
    after("refresh", Math.max(0, refreshedAt + refreshInterval - Date.now()), () => load({ isQuiet: true }));
  }

  // Relative windows move with the quarter hour, also without a write.
  function waitForQuarter() {
    after("quarter", quarterHour - (Date.now() % quarterHour) + 1_000, () => {
      isChanged = true;
      refresh();
      waitForQuarter();
    });
  }

  function after(name, wait, action) {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(action, wait);
  }

  function setLive(live) {
    if (live !== state.live) set({ live });
  }

  return { client, get state() { return state; }, start, stop, set, navigate, startOver, showMore, showNew };
}

function readAddress() {
  const query = q.parse(location.search);
  return { ...(q.serialize(query) === "" && q.defaults), ...query, timezone: query.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone };
}

// Who is signed in: in a variable and, when not embedded, in this tab's sessionStorage. Nowhere else.

const storageKey = "analytics.session";
const renewal = 60_000;
const longestTimer = 2_147_483_647;

export const isEmbedded = parent !== self;
const embedders = (document.querySelector("meta[name=embedders]")?.getAttribute("content") ?? "").split(" ").filter(Boolean);
const baseUrl = new URL(".", location.href).href;
let current;
let endTimer;

/** A client of the session, whose token may be renewed. */
export const createClient = (session) => new AnalyticsClient({ ...session, baseUrl, token: () => (current ?? session).token });

export const createSession = (token, organisation, product) =>
  ({ token, organisation: String(organisation ?? ""), product: String(product || "unpod.dev") });

/** The session of the fragment, else that of this tab. */
export function read(fragment) {
  const token = fragment.get("token");
  if (token) return createSession(token, fragment.get("org"), fragment.get("product"));
  try {
    const stored = isEmbedded ? null : JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
    return stored && expiry(stored.token) > Date.now() ? stored : null;
  } catch {
    return null;
  }
}

/** Signs in, or out with null. */
export function remember(session) {
  current = session;
  clearTimeout(endTimer);
  if (isEmbedded) return;
  if (session) sessionStorage.setItem(storageKey, JSON.stringify(session));
  else sessionStorage.removeItem(storageKey);
}

/** Calls back at the token's end; embedded a minute earlier, to ask for another one. */
export function waitForEnd(onEnd) {
  const wait = expiry(current.token) - Date.now() - (isEmbedded ? renewal : 0);
  if (wait < longestTimer) endTimer = setTimeout(onEnd, Math.max(wait, 1_000));
}

/** Takes sessions from the embedding page, if it is one of the configured origins. */
export function listenToEmbedder(onSession) {
  addEventListener("message", ({ origin, source, data }) => {
    if (source !== parent || !embedders.includes(origin) || data?.type !== "analytics:session" || typeof data.token !== "string") return;
    onSession(createSession(data.token, data.org, data.product));
  });
}

export const askEmbedder = () => embedders.forEach((origin) => parent.postMessage({ type: "analytics:session-wanted" }, origin));

/** When a token ends; one without a readable end is the service's matter. */
function expiry(token) {
  try {
    const { exp } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return typeof exp === "number" ? exp * 1000 : Infinity;
  } catch {
    return Infinity;
  }
}

/** What the reader prefers, of this browser; a frame may be without storage. */
export function preference(name, value = "") {
  try {
    if (value) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
