// Dates, the requests behind the page, what the numbers mean, and keyboard shortcuts.
import * as format from "./format.js";
import * as q from "./query.js";
import { Dialog, Rows, html } from "./view.js";

export function DatesDialog({ store, onClose }) {
  const { query: { timezone }, numbers } = store.state;
  const meta = numbers?.data.meta;
  const first = format.isoDate(meta?.start ?? meta?.first_task_at ?? Date.now(), timezone);
  const last = format.isoDate(meta?.end ? Date.parse(meta.end) - 1 : Date.now(), timezone);
  const apply = ({ currentTarget: { elements: { start, end } } }) => {
    const [start_date, end_date] = [start.value, end.value].sort(); // In either order.
    store.navigate({ ...q.inWindow({ start_date, end_date }), interval: undefined });
  };
  return html`<${Dialog} title="Dates" onClose=${onClose}>
    <form method="dialog" class="form" onSubmit=${apply}>
      <label>First day <input type="date" name="start" required value=${first} /></label>
      <label>Last day <input type="date" name="end" required value=${last} /></label>
      <button class="primary">Show</button>
    </form>
  </${Dialog}>`;
}

export function ApiDialog({ store, session, onClose }) {
  const { query, numbers, groups } = store.state;
  const meta = numbers?.data.meta;
  const requests = [
    ["Numbers, over time, outcomes", "", q.numbersQuery(query)],
    !q.hasLowerBound(query) && meta?.first_task_at && ["Over time", "", q.seriesQuery(query, meta)],
    !groups?.isBlocked && ["Who and where", "", q.groupsQuery(query)],
    ["When people are interested", "", q.heatQuery(query, q.isLong(query) ? meta : undefined)],
    ["Calls", "tasks/", q.callsQuery(query)],
    ["Live", "stream/", q.todayQuery(query)],
  ].filter(Boolean);
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const text = requests.map(([title, path, parameters]) => `# ${title}
curl -N ${quote(store.client.url(`organisation/analytics/${path}`, parameters))} \\
  -H "Authorization: Bearer $TOKEN" \\
  -H ${quote(`Org-Handle: ${session.organisation}`)} -H ${quote(`Product-Id: ${session.product}`)}`).join("\n\n");
  const copy = ({ currentTarget: button }) => {
    const say = (word) => () => (button.textContent = word);
    navigator.clipboard.writeText(text).then(say("Copied"), say("Not allowed"));
  };
  return html`<${Dialog} title="The requests behind this page" onClose=${onClose}>
    <pre class="scroll" tabIndex="0" role="region" aria-label="Requests">${text}</pre>
    <p>${navigator.clipboard && html`<button onClick=${copy}>Copy</button>`} <a href="docs">API reference</a></p>
  </${Dialog}>`;
}

export const DefinitionsDialog = ({ store, onClose }) => html`<${Dialog} title="What the numbers mean" onClose=${onClose}>
  <p class="note">A change compares the same length of time; points (pp) are differences of percentages.</p>
  <div class="scroll" tabIndex="0" role="region" aria-label="Definitions"><table>
    <thead><tr><th>Number</th><th>Is</th><th>Unit</th></tr></thead>
    <tbody>${store.state.definitions?.map(({ label, formula, unit }) => html`<tr><th>${label}</th><td>${formula}</td><td>${unit}</td></tr>`)}</tbody>
  </table></div>
</${Dialog}>`;

export function KeysDialog({ areKeysOn, onSwitchKeys, onClose }) {
  const keys = [
    ...q.periods.flatMap(([, label, , key]) => key ? [[key, label]] : []),
    ["C", "Choose dates"], ["← →", "Period before, period after"], ["X", "Next comparison"], ["Esc", "Remove the filters"], ["?", "This list"],
  ];
  return html`<${Dialog} title="Keyboard shortcuts" onClose=${onClose}>
    <${Rows} heads=${["Key", "Does"]}>${keys.map(([key, label]) => html`<tr><th><kbd>${key}</kbd></th><td>${label}</td></tr>`)}</${Rows}>
    <p class="note">In the chart: arrows, Home and End choose a bar, Enter narrows to it.</p>
    <label class="check"><input type="checkbox" checked=${areKeysOn} onChange=${(event) => onSwitchKeys(event.currentTarget.checked)} />
      Keyboard shortcuts are on</label>
  </${Dialog}>`;
}
