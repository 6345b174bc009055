// The sections of the page, from the cards to the list of calls.
import { Chart, ChartTable, Spark, measureOf, measures } from "./chart.js";
import * as format from "./format.js";
import * as q from "./query.js";
import { Change, Choice, Dot, Mix, Panel, Rows, html, outcomeCount, outcomeName, outcomes, ratio } from "./view.js";

const taskLink = document.querySelector("meta[name=task-link]")?.getAttribute("content");
const minCalls = 20;

export const Cards = ({ store }) => html`<div class="cards" role="group" aria-label="Numbers">
  ${Object.entries(measures).map(([name, measure]) => html`
    <button key=${name} class="card" aria-pressed=${name === measureOf(store.state.query)}
        onClick=${() => store.navigate({ measure: name === "calls" ? undefined : name })}>
      <span class="faint">${measure.label}</span>
      ${store.state.numbers ? cardBody(store.state, measure) : html`<span class="block"></span><span class="block"></span>`}
      <${Spark} rows=${store.state.numbers?.series.rows} measure=${name} />
    </button>`)}</div>`;

function cardBody({ numbers: { data }, better }, { metric, isInPoints, value, text, card = (row) => text(value(row) ?? 0), base }) {
  const [section, name] = metric.split(".");
  const changes = isInPoints ? data.comparison?.change_points : data.comparison?.change_percent;
  return html`<strong>${card(data)}</strong>
    <span class="base">
      <${Change} value=${changes?.[section]?.[name]} better=${better[metric]} text=${isInPoints ? format.points : format.change} />
      <span>${base(data)}</span></span>`;
}

export function OverTime({ store }) {
  const { numbers, query, isTable } = store.state;
  const measure = measureOf(query);
  const interval = numbers?.series.interval;
  const rows = numbers?.series.rows ?? [];
  const earlier = numbers?.data.comparison?.series;
  const intervals = rows.length > 0 ? q.intervals(q.daysBetween(rows[0].start, rows.at(-1).end)).all : [];
  const timezone = numbers?.query.timezone;
  const chart = { rows, earlier, measure, interval, timezone };
  const head = html`
    ${earlier?.length > 0 && html`<span class="legend"><i class="dash"></i>before: ${format.dates(earlier[0].start, earlier.at(-1).end, timezone)}</span>`}
    ${rows.some((row) => row.state === "current") && html`<span class="legend"><i class="hatched"></i>so far</span>`}
    ${intervals.length > 1 && html`<${Choice} label="Interval" options=${intervals.map((one) => [one, one])} value=${interval}
      onChange=${(value) => store.navigate({ interval: value })} />`}`;
  return html`<${Panel} id="over-time" title=${measures[measure].title ?? measures[measure].label} head=${head} isReady=${numbers}>
    ${rows.length > 0 ? html`
      <${Chart} ...${chart} onNarrow=${(row) => store.navigate(q.bucketRange(row, interval))} />
      <details open=${isTable} onToggle=${(event) => store.set({ isTable: event.currentTarget.open })}>
        <summary>As a table</summary>
        ${isTable && html`<${ChartTable} ...${chart} />`}
      </details>` : html`<p class="note">No calls yet.</p>`}
  </${Panel}>`;
}

const statuses = [["completed", "Completed"], ["failed", "Failed"], ["in_progress", "In progress"], ["pending", "Pending"]];

export function Outcomes({ store }) {
  const { numbers, query, better } = store.state;
  if (!numbers) return html`<${Panel} id="outcomes" title="Outcomes" />`;
  const { data } = numbers;
  const { call_analytics: calls, call_status: tasks, reconciliation, comparison } = data;
  const show = (section, changes) => {
    store.navigate(changes);
    document.getElementById(section).scrollIntoView({ block: "nearest" });
  };
  const list = (kind, key) => show("calls", { outcome: undefined, status: undefined, [kind]: query[kind] === key ? undefined : key });
  const row = (kind, key, name, count, total, change) => html`<tr key=${key}>
    <th>${key ? html`<button class="row" aria-pressed=${query[kind] === key} onClick=${() => list(kind, key)}>
      ${kind === "outcome" && html`<${Dot} outcome=${key} />`}${name}</button>` : html`<span class="row">${name}</span>`}</th>
    <td class="number"><b>${format.count(count)}</b></td><td class="number faint">${format.share(ratio(count, total))}</td>${change}</tr>`;
  const change = (outcome) => html`<td class="number"><${Change} better=${better[`call_analytics.${outcome}`]} text=${format.change}
    value=${comparison?.change_percent.call_analytics[outcome] ?? otherChange(outcome, data)} /></td>`;
  return html`<${Panel} id="outcomes" title="Outcomes" isReady=${true}>
    <${Mix} row=${data} class="mix big" />
    <${Rows} heads=${["Outcome", "Calls", "Share", "Change"]}>
      ${outcomes.map(([key, name]) => row("outcome", key, name, outcomeCount(data, key), calls.total_calls, change(key)))}
    </${Rows}>
    <button class="link faint" onClick=${() => show("who", { by: "label" })}>What is behind “other”</button>
    <h3>Tasks by status</h3>
    <${Rows} heads=${["Status", "Tasks", "Share"]}>
      ${statuses.map(([key, name]) => row("status", key, name, tasks[key], tasks.total_tasks))}
      ${row("status", null, "Hold, scheduled, …", reconciliation.other_states, tasks.total_tasks)}
    </${Rows}>
    ${reconciliation.balanced
      ? html`<p class="note">✓ Outcomes add up to all calls, statuses to all tasks.</p>`
      : html`<p class="wrong" role="alert">✗ These numbers do not add up. Please tell the operator.</p>`}
  </${Panel}>`;
}

// The API has no change of the calls that are none of the six.
function otherChange(outcome, { comparison, reconciliation, meta }) {
  const earlier = comparison?.reconciliation?.other_outcomes;
  const isWhole = meta?.end && Date.parse(meta.end) <= Date.parse(meta.now);
  return outcome === "other" && isWhole && earlier ? (reconciliation.other_outcomes / earlier - 1) * 100 : null;
}

export function Who({ store }) {
  const { groups, query, order: { column, isUp } } = store.state;
  const by = q.dimensionOf(query);
  const { one, key } = q.dimensions[by];
  const isFilter = key !== "label";
  const isCurrent = groups?.by === by;
  const name = (row) => row.other ? "all others" : (key === "space_token" && row.space_name) || row[key] || `no ${one.toLowerCase()}`;
  const compare = (left, right) => column === "name"
    ? name(right).localeCompare(name(left))
    : (measures[column].value(right) ?? -1) - (measures[column].value(left) ?? -1);
  const rows = isCurrent ? [...groups.rows].sort((left, right) =>
    Number(left.other ?? false) - Number(right.other ?? false) || compare(left, right) * (isUp ? -1 : 1)) : [];
  const most = Math.max(1, ...rows.map((row) => row.call_analytics.total_calls));
  const head = (id, text, style = "number") => html`<th key=${id} class=${style}
      aria-sort=${column !== id ? "none" : isUp ? "ascending" : "descending"}>
    <button onClick=${() => store.set({ order: { column: id, isUp: column === id && !isUp } })}>
      ${text}<span aria-hidden>${column !== id ? "" : isUp ? " ↑" : " ↓"}</span></button></th>`;
  const ratios = Object.entries(measures).slice(1);
  const groupRow = (row) => {
    const isChosen = [query[key]].flat().includes(row[key]);
    const choose = () => store.navigate({ [key]: isChosen ? undefined : by === "agent" ? [row[key]] : row[key] });
    return html`<tr key=${row.other ? " other" : row[key]} class=${isFilter && query[key] !== undefined && !isChosen ? "dim" : ""}>
      <th class="name">
        ${isFilter && !row.other ? html`<button class="row" title=${name(row)} aria-pressed=${isChosen} onClick=${choose}>${name(row)}</button>`
          : html`<span class="row">${name(row)} <small class="faint">${!row.other && outcomeCount(row, "other") > 0 && "other"}</small></span>`}
        <span class="track" aria-hidden><span style=${{ width: `${(row.call_analytics.total_calls / most) * 100}%` }}></span></span>
      </th>
      <td class="number">${format.count(row.call_analytics.total_calls)}</td>
      <td><${Mix} row=${row} /></td>
      ${ratios.map(([, { value, text }]) => html`<td class="number">${text(value(row))}</td>`)}
    </tr>`;
  };
  return html`<${Panel} id="who" title="Who and where" isReady=${isCurrent} head=${html`
      <${Choice} label="Rows" options=${Object.entries(q.dimensions).map(([id, dimension]) => [id, `${dimension.one}s`])} value=${by}
        onChange=${(value) => store.navigate({ by: value === "agent" ? undefined : value })} />`}>
    ${rows.length === 0 ? html`<p class="note">${groups?.isBlocked
      ? "Labels cannot be combined with a filter by agent, direction or campaign." : "No calls."}</p>` : html`<table class="list">
      <thead><tr>${head("name", one, "name")}${head("calls", "Calls")}<th>Outcomes</th>
        ${ratios.map(([id, { label, column: short = label }]) => head(id, short))}</tr></thead>
      <tbody>${rows.map(groupRow)}</tbody></table>`}
  </${Panel}>`;
}

export function Heat({ store }) {
  const { heat } = store.state;
  const share = ({ call_analytics: calls }) => calls.total_calls < minCalls ? null : calls.interested / calls.total_calls;
  const [best] = (heat?.cells ?? []).filter((cell) => share(cell) !== null).sort((left, right) => share(right) - share(left));
  const tell = (cell) => `${format.weekdays[cell.day_of_week - 1]} from ${format.clock(cell.hour_of_day)}`;
  const base = (cell) => `${format.share(share(cell))} of ${format.count(cell.call_analytics.total_calls)} calls`;
  const cellOf = (cell) => share(cell) === null ? html`<td></td>` : html`<td class="known" title=${`${tell(cell)}: ${base(cell)}`}
    style=${{ "--share": `${12 + 88 * ratio(share(cell), share(best))}%` }}><span class="hidden">${format.share(share(cell))}</span></td>`;
  return html`<${Panel} id="heat" title="When people are interested" isReady=${heat}>
    ${heat && html`<table>
      <thead><tr><th><span class="hidden">Day</span></th>${heat.cells.slice(0, 24).map((_, hour) => html`
        <th><span class=${hour % 3 ? "hidden" : ""}>${hour}</span></th>`)}</tr></thead>
      <tbody>${format.weekdays.map((name, i) => html`<tr><th>${name.slice(0, 3)}</th>
        ${heat.cells.slice(i * 24, i * 24 + 24).map(cellOf)}</tr>`)}</tbody>
    </table>
    <p class="note">${best
      ? `Best: ${tell(best)}, ${base(best)}. Hours with fewer than ${minCalls} calls are left blank.`
      : `Too few calls: an hour of the week needs ${minCalls}.`}
      ${heat.isCut && " Of the last 92 days."}</p>`}
  </${Panel}>`;
}

export function Calls({ store }) {
  const { calls, query, download } = store.state;
  const say = (text) => store.set({ download: text });
  const save = async () => {
    say("Preparing …");
    try {
      const { limit, include, ...filters } = q.callsQuery(query);
      const response = await store.client.request("organisation/analytics/tasks/", { ...filters, format: "csv" });
      offer(new Blob(["\uFEFF", await response.blob()], { type: "text/csv" }), "calls.csv"); // Excel needs the byte order mark.
      say("");
    } catch (error) {
      say(error.message);
    }
  };
  const head = html`
    ${calls?.total != null && html`<span class="legend">${format.count(calls.total)}</span>`}
    ${calls?.added > 0 && html`<button class="pill" onClick=${store.showNew}>${format.count(calls.added)} new</button>`}
    <span class="end" role="status">${download}</span>
    <button onClick=${save}>CSV</button>`;
  return html`<${Panel} id="calls" title="Latest calls" head=${head} isReady=${calls}>
    ${calls?.tasks.length > 0 ? html`<table class="list">
      <thead><tr>${["Created", "Outcome", "Agent", "Space", "Direction", "Status", "Duration", "Score"].map((name) => html`
        <th>${name}</th>`)}</tr></thead>
      <tbody>${calls.tasks.map((task) => html`<${Row} key=${task.task_id} task=${task} timezone=${query.timezone} />`)}</tbody>
    </table>` : html`<p class="note">No calls.</p>`}
    ${calls?.has_more && html`<footer><button disabled=${calls.isLoading} onClick=${store.showMore}>Show more</button></footer>`}
  </${Panel}>`;
}

const Row = ({ task: { task_id: id, outcome, ...task }, timezone }) => html`<tr>
  <th>${format.dateTime(task.created_at, timezone)}
    <small>${taskLink ? html`<a href=${taskLink.replace("{task_id}", encodeURIComponent(id))}>${id}</a>` : id}</small></th>
  <td class="what">${task.execution_type !== "call" ? html`<span class="faint">${task.execution_type}</span>` : html`
    <${Dot} outcome=${outcome ?? "other"} />${outcome && outcome !== "other" ? outcomeName(outcome) : task.label ?? "Not finished"}`}</td>
  <td>${task.agent || html`<span class="faint">no agent</span>`}</td>
  <td>${task.space_name}</td>
  <td>${task.direction || format.none}</td>
  <td>${task.status.replaceAll("_", " ")}</td>
  <td>${format.duration(task.duration_seconds)}</td>
  <td>${format.score(task.success_score)}</td>
</tr>`;

function offer(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
