// The page: who is signed in, its frame, and the keyboard.
import { Component, render } from "preact";
import { ApiDialog, DatesDialog, DefinitionsDialog, KeysDialog } from "./dialogs.js";
import * as format from "./format.js";
import * as q from "./query.js";
import { Calls, Cards, Heat, Outcomes, OverTime, Who } from "./sections.js";
import * as sessions from "./store.js";
import { Clock, Select, html, outcomeName } from "./view.js";

export function start(fragment) {
  setTheme(sessions.preference("theme"));
  render(html`<${App} first=${sessions.read(fragment)} />`, document.getElementById("page"));
}

class App extends Component {
  state = { session: null, message: "", organisations: [], isBusy: false };

  componentDidMount() {
    if (sessions.isEmbedded) sessions.listenToEmbedder((session) => this.enter(session));
    if (this.props.first) this.enter(this.props.first);
    else this.leave();
  }

  enter(session) {
    sessions.remember(session);
    sessions.waitForEnd(() => sessions.isEmbedded ? sessions.askEmbedder() : this.leave("Your session has ended."));
    this.setState({ session, message: "", isBusy: false });
  }

  leave = (message = "") => {
    sessions.remember(null);
    if (sessions.isEmbedded) sessions.askEmbedder();
    this.setState({ session: null, message });
  };

  // The list of organisations is a help: without it the handle is typed.
  find = async (event) => {
    const list = await sessions.createClient(sessionOf(event.currentTarget.form)).organisations({}, { retries: 0 }).catch(() => null);
    this.setState({ organisations: list?.organisations ?? [] });
  };

  submit = async (event) => {
    event.preventDefault();
    const session = sessionOf(event.currentTarget);
    this.setState({ isBusy: true });
    try {
      await sessions.createClient(session).analytics({ date_range: "today" }, { retries: 0 });
      this.enter(session);
    } catch (error) {
      this.setState({ message: error.message, isBusy: false });
    }
  };

  // A renewed token changes nothing on the screen.
  render(_, { session, message, organisations, isBusy }) {
    if (session) return html`<${Dashboard} key=${`${session.organisation} ${session.product}`} session=${session} onSignOut=${this.leave} />`;
    return html`<main class="sign-in">${sessions.isEmbedded ? html`<p role="alert">${message || "Waiting for the page around this one …"}</p>` : html`
      <form class="panel form" onSubmit=${this.submit}>
        <img src="page/icon.svg" alt="" width="40" height="40" />
        <h1>Your calls, in numbers</h1>
        <p class="wrong" role="alert">${message}</p>
        <label>Token <input name="token" type="password" required autocomplete="off" onChange=${this.find} /></label>
        <label>Organisation ${organisations.length > 0
          ? html`<select name="organisation">${organisations.map(({ handle, name }) => html`<option value=${handle}>${name} (${handle})</option>`)}</select>`
          : html`<input name="organisation" required autocapitalize="none" placeholder="example.com" />`}</label>
        <label>Product <input name="product" autocapitalize="none" placeholder="unpod.dev" /></label>
        <button class="primary" disabled=${isBusy}>Sign in</button>
        <p class="note">The token stays in this tab until you sign out. <a href="docs">API reference</a></p>
      </form>`}</main>`;
  }
}

const sessionOf = ({ elements: { token, organisation, product } }) => sessions.createSession(
  token.value.trim().replace(/^(jwt|bearer) +/i, ""), organisation.value.trim(), product.value.trim());

const dialogs = { dates: DatesDialog, api: ApiDialog, definitions: DefinitionsDialog, keys: KeysDialog };

class Dashboard extends Component {
  state = { dialog: "", theme: sessions.preference("theme") ?? "auto", areKeysOn: sessions.preference("keys") !== "off" };
  store = sessions.createStore(sessions.createClient(this.props.session), () => this.setState({}), this.props.onSignOut);

  componentDidMount() {
    this.store.start();
    addEventListener("keydown", this.press);
  }

  componentWillUnmount() {
    this.store.stop();
    removeEventListener("keydown", this.press);
  }

  open = (dialog) => this.setState({ dialog });

  switchKeys = (areKeysOn) => {
    sessions.preference("keys", areKeysOn ? "on" : "off");
    this.setState({ areKeysOn });
  };

  switchTheme = () => {
    const theme = { auto: "light", light: "dark", dark: "auto" }[this.state.theme];
    sessions.preference("theme", theme);
    setTheme(theme);
    this.setState({ theme });
  };

  // None inside fields, dialogs, the chart and what scrolls.
  press = (event) => {
    if (!this.state.areKeysOn || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog")) return;
    if (event.target.closest("input, select, .chart, .scroll")) return;
    const { store } = this;
    const { query, numbers } = store.state;
    const key = event.key.toUpperCase();
    const period = q.periods.find(([, , , one]) => one === key);
    const window = { ARROWLEFT: numbers?.data.meta.previous, ARROWRIGHT: numbers?.data.meta.next }[key];
    if (period) store.navigate(q.inPeriod(period[0]));
    else if (window) store.navigate(q.inWindow(window));
    else if (key === "C") this.open("dates");
    else if (key === "?") this.open("keys");
    else if (key === "X") store.navigate(q.withNextComparison(query));
    else if (key === "ESCAPE") store.navigate(q.withoutFilters);
    else return;
    event.preventDefault();
  };

  render({ session, onSignOut }, { dialog, theme, areKeysOn }) {
    const { store, open } = this;
    const { busy, fault, numbers, query } = store.state;
    const isEmpty = !busy && !fault && numbers?.data.call_status.total_tasks === 0;
    return html`
      <a class="hidden" href="#calls">Skip to the calls</a>
      <${Head} session=${session} state=${store.state} theme=${theme} onTheme=${this.switchTheme} onSignOut=${onSignOut} onDialog=${open} />
      <main class=${(busy || fault) && numbers ? "stale" : ""} aria-busy=${busy}>
        <${Bar} store=${store} onDialog=${open} />
        <${Banner} store=${store} />
        ${isEmpty && html`<p class="banner plain" role="status">No calls in this period${q.isFiltered(query) && " with these filters"}.</p>`}
        <div class="grid">${[Cards, OverTime, Outcomes, Who, Heat, Calls].map((Section) => html`<${Section} store=${store} />`)}</div>
      </main>
      <footer class="foot">
        <span>${session.product}</span>
        <span>Each call is counted once.</span>
        <button class="link" onClick=${() => open("definitions")}>What the numbers mean</button>
        <button class="link" onClick=${() => open("keys")}>Keyboard shortcuts</button>
        <a href="docs">API reference</a>
      </footer>
      ${dialog && html`<${dialogs[dialog]} store=${store} session=${session} areKeysOn=${areKeysOn} onSwitchKeys=${this.switchKeys}
        onClose=${() => open("")} />`}`;
  }
}

function Head({ session, state: { numbers, today, live, changedAt }, theme, onTheme, onSignOut, onDialog }) {
  const meta = numbers?.data.meta;
  const calls = today?.call_analytics;
  const themeName = `Theme: ${theme}`;
  const part = (value, text) => html`<span><b>${format.count(value)}</b> ${text}</span>`;
  return html`<header class="head">
    <img src="page/icon.svg" alt="" width="28" height="28" />
    <div>
      <h1>${meta?.organisation?.name ?? session.organisation}</h1>
      <${Live} live=${live} changedAt=${Math.max(changedAt ?? 0, Date.parse(meta?.data_through) || 0)} />
    </div>
    <p class="strip"><b>Today</b> ${part(calls?.total_calls, calls?.total_calls === 1 ? "call" : "calls")}
      ${part(calls?.interested, "interested")} ${part(today?.call_status.in_progress, "in progress")}</p>
    <nav>
      <button class="quiet" aria-label=${themeName} title=${themeName} onClick=${onTheme}>◐</button>
      <button class="quiet api" onClick=${() => onDialog("api")}>API</button>
      ${!sessions.isEmbedded && html`<button class="quiet" onClick=${() => onSignOut()}>Sign out</button>`}
    </nav>
  </header>`;
}

const Live = ({ live, changedAt }) => html`<p class="freshness"><i class=${`status ${live}`}></i><${Clock} text=${(now) => ({
  live: changedAt ? `Live · last change ${format.ago(now - changedAt)}` : "Live",
  connecting: "Connecting …",
  polling: "Updates every 15 s",
  paused: "Paused",
}[live])} /></p>`;

function setTheme(theme) {
  document.documentElement.style.colorScheme = theme === "auto" ? "" : theme;
}

function Bar({ store, onDialog }) {
  const { query, numbers } = store.state;
  const meta = numbers?.data.meta;
  const start = meta?.start ?? meta?.first_task_at;
  const period = query.start_date || query.end_date ? "custom" : query.date_range ?? "all";
  const choosePeriod = (value, select) => {
    if (value === "custom") onDialog("dates");
    else store.navigate(q.inPeriod(value));
    select.value = period; // Until the page shows another one.
  };
  const step = (window, name, sign) => html`
    <button class="quiet" aria-label=${name} disabled=${!window} onClick=${() => store.navigate(q.inWindow(window))}>${sign}</button>`;
  return html`<div class="bar">
    <div class="period">
      ${step(meta?.previous, "Period before", "‹")}
      <${Select} label="Period" value=${period} onChange=${choosePeriod} options=${[...q.periods, ["custom", "Dates …"]]} />
      ${step(meta?.next, "Period after", "›")}
    </div>
    <button class="dates" title="Choose dates" onClick=${() => onDialog("dates")}>
      ${start ? format.dates(start, meta.end ?? meta.now, query.timezone) : "\u00A0"}</button>
    <label><span>against</span>
      <${Select} label="Comparison" value=${query.compare ?? ""} disabled=${!q.hasLowerBound(query)} options=${q.comparisons}
        onChange=${(value) => store.navigate({ compare: value || undefined })} /></label>
    <label><span>in</span>
      <${Select} label="Time zone" value=${query.timezone} options=${zones(query.timezone)}
        onChange=${(value) => store.navigate({ timezone: value })} /></label>
    <${Chips} store=${store} />
  </div>`;
}

const allZones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
const zones = (current) => [...new Set([...allZones, current])].map((zone) => [zone, zone.replaceAll("_", " ")]);

function Chips({ store }) {
  const { query, groups, calls } = store.state;
  const space = [...(groups?.rows ?? []), ...(calls?.tasks ?? [])].find((row) => row.space_token === query.space_token)?.space_name;
  return [
    ...(query.agent ?? []).map((agent) => ["agent", "Agent", agent, query.agent.filter((one) => one !== agent)]),
    ["space_token", "Space", query.space_token && (space ?? query.space_token)],
    ["direction", "Direction", query.direction],
    ["run_id", "Campaign", query.run_id],
    ["outcome", "Calls:", query.outcome && (outcomeName(query.outcome) ?? query.outcome)],
    ["status", "Calls:", query.status?.replaceAll("_", " ")],
  ].map(([name, label, value, rest]) => value !== undefined && html`<button key=${name + value} class="chip" aria-label=${`Remove ${label} ${value || "none"}`}
    onClick=${() => store.navigate({ [name]: rest?.length ? rest : undefined })}>${label} <b>${value || "none"}</b> <span aria-hidden>×</span></button>`);
}

function Banner({ store }) {
  const { fault, numbers } = store.state;
  if (!fault) return null;
  const { message, code, requestId, retryAt } = fault;
  return html`<div class="banner" role="alert">
    <p><b>${message}</b> ${retryAt && numbers && "What you see is from before."}
      ${retryAt && html`<span aria-hidden> Asking again in <${Clock} text=${(now) => Math.max(0, Math.ceil((retryAt - now) / 1000))} /> s.</span>`}</p>
    ${code === "space_not_found" ? html`<button onClick=${() => store.navigate({ space_token: undefined })}>Show all spaces</button>`
      : !retryAt && html`<button onClick=${store.startOver}>Start over</button>`}
    ${requestId && html`<small>request ${requestId}</small>`}
  </div>`;
}
