// The page: who is signed in, its frame, and the keyboard.
import { render } from "preact";
import { useEffect, useReducer, useState } from "preact/hooks";
import { ApiDialog, DatesDialog, DefinitionsDialog, KeysDialog } from "./dialogs.js";
import * as format from "./format.js";
import * as q from "./query.js";
import { Calls, Cards, Heat, Outcomes, OverTime, Who } from "./sections.js";
import * as sessions from "./store.js";
import { html, outcomes, useNow } from "./view.js";

/** @typedef {import("./store.js").Session} Session */

/** @param {URLSearchParams} fragment */
export function start(fragment) {
  setTheme(sessions.preferences.read("theme") ?? "auto");
  render(html`<${App} first=${sessions.read(fragment)} />`, /** @type {Element} */ (document.getElementById("page")));
}

function App({ first }) {
  const [session, setSession] = useState(/** @type {Session | null} */ (first));
  const [message, setMessage] = useState("");
  const signIn = (next) => {
    sessions.store(next);
    setMessage("");
    setSession(next);
  };
  const signOut = (text = "") => {
    sessions.forget();
    setSession(null);
    setMessage(text);
    if (sessions.isEmbedded && text) sessions.askEmbedder();
  };
  useEffect(() => {
    if (first) sessions.store(first);
    if (!sessions.isEmbedded) return;
    sessions.listenToEmbedder(signIn);
    if (!first) sessions.askEmbedder();
  }, []);
  useEffect(() => session
    ? sessions.waitForEnd(session.token, () => sessions.isEmbedded ? sessions.askEmbedder() : signOut("Your session has ended."))
    : undefined, [session]);
  if (session) return html`<${Dashboard} key=${session.token} session=${session} onSignOut=${signOut} />`;
  return sessions.isEmbedded
    ? html`<main class="sign-in"><p role="alert">${message || "Waiting for the page around this one …"}</p></main>`
    : html`<${SignIn} message=${message} onSession=${signIn} />`;
}

function SignIn({ message, onSession }) {
  const [problem, setProblem] = useState(message);
  const [isBusy, setBusy] = useState(false);
  const [organisations, setOrganisations] = useState(/** @type {any[]} */ ([]));
  const read = (/** @type {HTMLFormElement} */ form) => {
    const fields = new FormData(form);
    const value = (name) => String(fields.get(name) ?? "").trim();
    return { token: value("token").replace(/^(jwt|bearer) +/i, ""), organisation: value("organisation"), product: value("product") || "unpod.dev" };
  };
  // The list is a help: without it the handle is typed.
  const find = async (event) => {
    const session = read(event.currentTarget.form);
    const page = session.token && (await sessions.createClient(session).organisations({}, { retries: 0 }).catch(() => null));
    setOrganisations(page ? page.organisations : []);
  };
  const submit = async (event) => {
    event.preventDefault();
    const session = read(event.currentTarget);
    setBusy(true);
    try {
      await sessions.createClient(session).analytics({ date_range: "today" }, { retries: 0 });
      onSession(session);
    } catch (error) {
      setProblem(/** @type {Error} */ (error).message);
      setBusy(false);
    }
  };
  return html`<main class="sign-in">
    <form class="panel form" onSubmit=${submit}>
      <img src="page/icon.svg" alt="" width="40" height="40" />
      <h1>Your calls, in numbers</h1>
      <p class="wrong" role="alert">${problem}</p>
      <label>Token <input name="token" type="password" required autocomplete="off" spellcheck=${false} onChange=${find} /></label>
      <label>Organisation ${organisations.length > 0
        ? html`<select name="organisation">${organisations.map(({ handle, name }) => html`
            <option key=${handle} value=${handle}>${name === handle ? name : `${name} (${handle})`}</option>`)}</select>`
        : html`<input name="organisation" required autocomplete="organization" autocapitalize="none" placeholder="example.com" />`}</label>
      <label>Product <input name="product" autocomplete="off" autocapitalize="none" placeholder="unpod.dev" /></label>
      <button class="primary" disabled=${isBusy}>Sign in</button>
      <p class="note">The token stays in this tab and is forgotten when you sign out. <a href="docs">API reference</a></p>
    </form>
  </main>`;
}

function Dashboard({ session, onSignOut }) {
  const [store] = useState(() => new sessions.Store(sessions.createClient(session), onSignOut));
  const [, render] = useReducer((count) => count + 1, 0);
  const [dialog, setDialog] = useState("");
  const [areKeysOn, setKeysOn] = useState(sessions.preferences.read("keys") !== "off");
  useEffect(() => {
    const unsubscribe = store.subscribe(() => render(undefined));
    store.start();
    return () => {
      unsubscribe();
      store.stop();
    };
  }, []);
  useKeys(store, areKeysOn, setDialog);
  const { state } = store;
  const close = () => setDialog("");
  const switchKeys = (areOn) => {
    sessions.preferences.write("keys", areOn ? "on" : "off");
    setKeysOn(areOn);
  };
  const isStale = state.busy || state.fault;
  const isEmpty = !isStale && state.numbers?.data.call_status.total_tasks === 0;
  return html`
    <a class="skip" href="#calls">Skip to the calls</a>
    <${Head} session=${session} state=${state} onSignOut=${onSignOut} onDialog=${setDialog} />
    <main class=${isStale && state.numbers ? "stale" : ""} aria-busy=${String(state.busy)}>
      <${Bar} store=${store} state=${state} onDialog=${setDialog} />
      <${Banner} store=${store} state=${state} />
      ${isEmpty && html`<p class="banner plain" role="status">No calls in this period${Object.values(q.filters(state.query)).some((value) => value !== undefined) ? " with these filters" : ""}.</p>`}
      <div class="grid">
        <${Cards} store=${store} state=${state} />
        <${OverTime} store=${store} state=${state} />
        <${Outcomes} store=${store} state=${state} />
        <${Who} store=${store} state=${state} />
        <${Heat} state=${state} />
        <${Calls} store=${store} state=${state} />
      </div>
    </main>
    <footer class="foot">
      <span>${session.product}</span>
      <span>Each call is counted once.</span>
      <button type="button" class="link" onClick=${() => setDialog("definitions")}>What the numbers mean</button>
      <button type="button" class="link" onClick=${() => setDialog("keys")}>Keyboard shortcuts</button>
      <a href="docs">API reference</a>
    </footer>
    ${dialog === "dates" && html`<${DatesDialog} store=${store} state=${state} onClose=${close} />`}
    ${dialog === "api" && html`<${ApiDialog} store=${store} session=${session} state=${state} onClose=${close} />`}
    ${dialog === "definitions" && html`<${DefinitionsDialog} store=${store} onClose=${close} />`}
    ${dialog === "keys" && html`<${KeysDialog} areOn=${areKeysOn} onSwitch=${switchKeys} onClose=${close} />`}`;
}

function Head({ session, state, onSignOut, onDialog }) {
  const { numbers, today } = state;
  const organisation = numbers?.data.meta?.organisation;
  const [theme, cycle] = useTheme();
  return html`<header class="head">
    <img src="page/icon.svg" alt="" width="28" height="28" />
    <div>
      <h1>${organisation?.name ?? session.organisation}</h1>
      <${Live} state=${state} />
    </div>
    <p class="strip" aria-label="Today">
      <b>Today</b>
      <span><b>${today ? format.count(today.call_analytics.total_calls) : format.none}</b> calls</span>
      <span><b>${today ? format.count(today.call_analytics.interested) : format.none}</b> interested</span>
      <span><b>${today ? format.count(today.call_status.in_progress) : format.none}</b> in progress</span>
    </p>
    <nav>
      <button type="button" class="quiet" title=${`Theme: ${theme}`} aria-label=${`Theme: ${theme}`} onClick=${cycle}>◐</button>
      <button type="button" class="quiet api" onClick=${() => onDialog("api")}>API</button>
      ${!sessions.isEmbedded && html`<button type="button" class="quiet" onClick=${() => onSignOut()}>Sign out</button>`}
    </nav>
  </header>`;
}

function Live({ state }) {
  const now = useNow();
  const { live, numbers, changedAt } = state;
  const through = numbers?.data.meta?.data_through;
  const changed = Math.max(changedAt ?? 0, through ? Date.parse(through) : 0);
  const text = {
    live: `Live${changed ? ` · last change ${format.ago(now - changed)}` : ""}`,
    polling: "Updates every 15 s",
    paused: "Paused",
  }[live.status] ?? "Connecting …";
  return html`<p class="freshness"><i class=${`status ${live.status}`}></i>${text}</p>`;
}

function Bar({ store, state, onDialog }) {
  const { query, numbers } = state;
  const meta = numbers?.data.meta;
  const isCustom = Boolean(query.start_date || query.end_date);
  const step = (window) => window && store.navigate({ date_range: undefined, ...window });
  const choosePeriod = (event) => {
    const value = event.currentTarget.value;
    if (value === "custom") onDialog("dates");
    else store.navigate({ date_range: value, start_date: undefined, end_date: undefined, interval: undefined });
    event.currentTarget.value = isCustom ? "custom" : query.date_range ?? "all";
  };
  return html`<div class="bar">
    <div class="period">
      <button type="button" class="quiet" aria-label="Period before" disabled=${!meta?.previous} onClick=${() => step(meta.previous)}>‹</button>
      <select aria-label="Period" value=${isCustom ? "custom" : query.date_range ?? "all"} onChange=${choosePeriod}>
        ${q.periods.map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
        <option value="custom">Dates …</option>
      </select>
      <button type="button" class="quiet" aria-label="Period after" disabled=${!meta?.next} onClick=${() => step(meta.next)}>›</button>
    </div>
    <button type="button" class="dates" title="Choose dates" onClick=${() => onDialog("dates")}>${meta ? windowOf(meta, query.timezone) : " "}</button>
    <label class="against"><span>against</span>
      <select aria-label="Comparison" value=${query.compare ?? ""} disabled=${!q.hasLowerBound(query)}
          onChange=${(event) => store.navigate({ compare: event.currentTarget.value || undefined })}>
        ${q.comparisons.map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
      </select></label>
    <label class="zone"><span>in</span>
      <select aria-label="Time zone" value=${query.timezone}
          onChange=${(event) => store.navigate({ timezone: event.currentTarget.value })}>
        ${zones(query.timezone).map((zone) => html`<option key=${zone} value=${zone}>${zone.replaceAll("_", " ")}</option>`)}
      </select></label>
    <${Chips} store=${store} state=${state} />
  </div>`;
}

function windowOf(meta, timezone) {
  const start = meta.start ?? meta.first_task_at;
  return start ? format.dates(start, meta.end ?? meta.now, timezone) : "";
}

let allZones = /** @type {string[]} */ ([]);
function zones(current) {
  if (allZones.length === 0) allZones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
  return allZones.includes(current) ? allZones : [current, ...allZones];
}

function Chips({ store, state }) {
  const { query, groups, calls } = state;
  const space = () => [...(groups?.rows ?? []), ...(calls?.tasks ?? [])].find((row) => row.space_token === query.space_token)?.space_name;
  const chips = [
    ...(query.agent ?? []).map((agent) => ["agent", "Agent", agent || "none", agent]),
    ["space_token", "Space", query.space_token && (space() ?? query.space_token)],
    ["direction", "Direction", query.direction === "" ? "none" : query.direction],
    ["run_id", "Campaign", query.run_id === "" ? "none" : query.run_id],
    ["outcome", "Calls:", outcomes.find(([key]) => key === query.outcome)?.[1] ?? query.outcome],
    ["status", "Calls:", query.status?.replaceAll("_", " ")],
  ].filter(([, , value]) => value !== undefined);
  const remove = (name, agent) => {
    const rest = name === "agent" ? query.agent.filter((one) => one !== agent) : [];
    store.navigate({ [name]: rest.length > 0 ? rest : undefined });
  };
  return chips.map(([name, label, value, agent]) => html`<button key=${name + value} type="button" class="chip" aria-label=${`Remove ${label} ${value}`}
    onClick=${() => remove(name, agent)}>${label} <b>${value}</b> <span aria-hidden="true">×</span></button>`);
}

function Banner({ store, state }) {
  const { fault, numbers } = state;
  const now = useNow(Boolean(fault?.retryAt));
  if (!fault) return null;
  const seconds = Math.max(0, Math.ceil((fault.retryAt - now) / 1000));
  const isOfSpace = fault.code === "space_not_found";
  return html`<div class="banner" role="alert">
    <p><b>${fault.message}</b>${" "}${fault.retryAt && numbers && "What you see is from before."}
      ${fault.retryAt && html`<span aria-hidden="true"> Asking again in ${seconds} s.</span>`}</p>
    ${isOfSpace ? html`<button type="button" onClick=${() => store.navigate({ space_token: undefined })}>Show all spaces</button>`
      : !fault.retryAt && html`<button type="button" onClick=${() => store.startOver()}>Start over</button>`}
    ${fault.requestId && html`<small>request ${fault.requestId}</small>`}
  </div>`;
}

function useKeys(/** @type {import("./store.js").Store} */ store, areOn, /** @type {(dialog: string) => void} */ openDialog) {
  useEffect(() => {
    if (!areOn) return;
    const onKeyDown = (event) => {
      const isElsewhere = /** @type {Element} */ (event.target).closest("input, select, textarea, dialog, .chart, pre, .scroll");
      if (event.ctrlKey || event.altKey || event.metaKey || isElsewhere || document.querySelector("dialog[open]")) return;
      if (press(store, event.key, openDialog)) event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [areOn]);
}

function press(/** @type {import("./store.js").Store} */ store, key, /** @type {(dialog: string) => void} */ openDialog) {
  const { query, numbers } = store.state;
  const meta = numbers?.data.meta;
  const period = q.periods.find(([, , , one]) => one === key.toLowerCase());
  const step = key === "ArrowLeft" ? meta?.previous : key === "ArrowRight" ? meta?.next : undefined;
  if (period) store.navigate({ date_range: period[0], start_date: undefined, end_date: undefined, interval: undefined });
  else if (step) store.navigate({ date_range: undefined, ...step });
  else if (key === "c" || key === "C") openDialog("dates");
  else if (key === "?") openDialog("keys");
  else if (key === "x" || key === "X") {
    const values = q.comparisons.map(([value]) => value);
    store.navigate({ compare: values[(values.indexOf(query.compare ?? "") + 1) % values.length] || undefined });
  } else if (key === "Escape") {
    store.navigate({ space_token: undefined, agent: undefined, direction: undefined, run_id: undefined, outcome: undefined, status: undefined });
  } else return false;
  return true;
}

const themes = ["auto", "light", "dark"];

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function useTheme() {
  const [theme, set] = useState(document.documentElement.dataset.theme ?? "auto");
  const cycle = () => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length];
    sessions.preferences.write("theme", next);
    setTheme(next);
    set(next);
  };
  return /** @type {const} */ ([theme, cycle]);
}
