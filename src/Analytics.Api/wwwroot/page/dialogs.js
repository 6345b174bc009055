// Dates, the requests behind the page, what the numbers mean, and keyboard shortcuts.
import { useEffect, useState } from "preact/hooks";
import * as format from "./format.js";
import * as q from "./query.js";
import { Dialog, html } from "./view.js";

export function DatesDialog({ store, state, onClose }) {
  const { meta } = state.numbers?.data ?? {};
  const timezone = state.query.timezone;
  const today = format.isoDate(meta?.now ?? Date.now(), timezone);
  const first = meta?.start ? format.isoDate(meta.start, timezone) : q.addDays(today, -27);
  const last = meta?.end ? format.isoDate(Date.parse(meta.end) - 1, timezone) : today;
  const [problem, setProblem] = useState("");
  const apply = (event) => {
    const [start, end] = ["start", "end"].map((name) => event.currentTarget.elements[name].value);
    if (start > end) {
      event.preventDefault();
      return setProblem("The first day must not be after the last.");
    }
    store.navigate({ date_range: undefined, interval: undefined, start_date: start, end_date: end });
  };
  return html`<${Dialog} title="Dates" onClose=${onClose}>
    <form method="dialog" class="form" onSubmit=${apply}>
      <label>First day <input type="date" name="start" required value=${first} /></label>
      <label>Last day <input type="date" name="end" required value=${last} /></label>
      <p class="wrong" role="alert">${problem}</p>
      <button class="primary">Show</button>
    </form>
  </${Dialog}>`;
}

export function ApiDialog({ store, session, state, onClose }) {
  const { query, numbers } = state;
  const requests = [
    ["Numbers, over time, outcomes", "organisation/analytics/", q.numbersQuery(query)],
    ["Who and where", "organisation/analytics/", q.groupsQuery(query)],
    ["When people are interested", "organisation/analytics/", q.heatQuery(query, q.days(query) > 92 ? numbers?.data.meta : undefined)],
    ["Calls", "organisation/analytics/tasks/", q.callsQuery(query)],
    ["Live", "organisation/analytics/stream/", { date_range: "today", timezone: query.timezone }],
  ].filter(([, , parameters]) => !(/** @type {any} */ (parameters).group_by === "label" && !q.allowsLabels(query)));
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const text = requests.map(([title, path, parameters]) => [
    `# ${title}`,
    `curl -N ${quote(store.client.url(path, parameters))} \\`,
    `  -H "Authorization: Bearer $TOKEN" \\`,
    `  -H ${quote(`Org-Handle: ${session.organisation}`)} \\`,
    `  -H ${quote(`Product-Id: ${session.product}`)}`,
  ].join("\n")).join("\n\n");
  const [isCopied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => {});
  return html`<${Dialog} title="The requests behind this page" onClose=${onClose}>
    <pre tabIndex="0" role="region" aria-label="Requests">${text}</pre>
    <p><button type="button" onClick=${copy}>${isCopied ? "Copied" : "Copy"}</button> <a href="docs">API reference</a></p>
  </${Dialog}>`;
}

export function DefinitionsDialog({ store, onClose }) {
  const [content, setContent] = useState(/** @type {any} */ ({}));
  useEffect(() => {
    store.client.definitions().then(
      ({ definitions }) => setContent({ definitions }),
      (/** @type {Error} */ error) => setContent({ problem: error.message }),
    );
  }, []);
  return html`<${Dialog} title="What the numbers mean" onClose=${onClose}>
    <p class="note">Each call is counted once. A change compares the same length of time; points (pp) are differences of percentages.</p>
    <p class="wrong" role="alert">${content.problem}</p>
    ${content.definitions && html`<div class="scroll" tabIndex="0" role="region" aria-label="Definitions"><table>
      <thead><tr><th scope="col">Number</th><th scope="col">Is</th><th scope="col">Unit</th></tr></thead>
      <tbody>${content.definitions.map((one) => html`<tr key=${one.name}>
        <th scope="row">${one.label}</th><td>${one.formula}</td><td>${one.unit}</td></tr>`)}</tbody></table></div>`}
  </${Dialog}>`;
}

export function KeysDialog({ areOn, onSwitch, onClose }) {
  const keys = [
    ...q.periods.filter(([, , , key]) => key).map(([, label, , key]) => [key?.toUpperCase(), label]),
    ["C", "Choose dates"], ["← →", "Period before, period after"], ["X", "Next comparison"], ["Esc", "Remove the filters"], ["?", "This list"],
  ];
  return html`<${Dialog} title="Keyboard shortcuts" onClose=${onClose}>
    <table class="rows keys"><thead class="hidden"><tr><th>Key</th><th>Does</th></tr></thead><tbody>${keys.map(([key, label]) => html`
      <tr key=${key}><th scope="row"><kbd>${key}</kbd></th><td>${label}</td></tr>`)}</tbody></table>
    <p class="note">In the chart: arrows, Home and End choose a bar, Enter narrows to it.</p>
    <label class="check"><input type="checkbox" checked=${areOn} onChange=${(event) => onSwitch(event.currentTarget.checked)} />
      Keyboard shortcuts are on</label>
  </${Dialog}>`;
}
