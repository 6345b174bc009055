// The sections of the page, from the cards to the list of calls.
import { useState } from "preact/hooks";
import { Chart, ChartTable, Spark, measures } from "./chart.js";
import * as format from "./format.js";
import * as q from "./query.js";
import { Change, Choice, Mix, html, outcomeCount, outcomes } from "./view.js";

const byteOrderMark = "\uFEFF"; // Without it Excel takes UTF-8 for something else.
const taskLink = document.querySelector("meta[name=task-link]")?.getAttribute("content");
const minCalls = 20;

export function Cards({ store, state }) {
  const { numbers, query } = state;
  const chosen = measures[query.measure] ? query.measure : "calls";
  return html`<div class="cards" role="group" aria-label="Numbers">${Object.keys(cards).map((measure, i) => html`
    <button key=${measure} type="button" class="card" aria-pressed=${String(measure === chosen)}
        onClick=${() => store.navigate({ measure: i ? measure : undefined })}>
      <span class="label">${cards[measure].label}</span>
      ${numbers ? html`<${CardBody} state=${state} ...${cards[measure]} />` : html`<span class="block"></span><span class="block line"></span>`}
      <${Spark} rows=${numbers?.series.rows} measure=${measure} />
    </button>`)}</div>`;
}

const of = (metric) => (changes) => {
  const [block, name] = metric.split(".");
  return changes?.[block]?.[name];
};

/** @type {Record<string, any>} */
const cards = {
  calls: {
    label: "Calls",
    metric: "call_analytics.total_calls",
    value: (data) => format.count(data.call_analytics.total_calls),
    base: (data) => data.comparison && `from ${format.count(data.comparison.call_analytics.total_calls)}`,
  },
  interested: {
    label: "Interested",
    metric: "call_analytics.interested",
    value: (data) => format.count(data.call_analytics.interested),
    base: ({ call_analytics: calls }) => `${format.share(calls.total_calls ? calls.interested / calls.total_calls : null)} of calls`,
  },
  completed: {
    label: "Completed",
    metric: "call_status.success_rate",
    isInPoints: true,
    value: ({ call_status: status }) => status.total_tasks ? format.share(status.success_rate / 100) : format.share(0),
    base: ({ call_status: status }) => `${format.count(status.completed)} of ${format.count(status.total_tasks)} tasks`,
  },
  score: {
    label: "Average score",
    metric: "call_analytics.avg_success_score",
    value: (data) => format.score(data.call_analytics.avg_success_score),
    base: (data) => `${format.count(data.components.scored_calls)} scored`,
  },
  duration: {
    label: "Average duration",
    metric: "components.avg_duration_seconds",
    value: (data) => format.duration(data.components.avg_duration_seconds ?? 0),
    base: (data) => `${format.count(data.components.timed_calls)} timed`,
  },
};

function CardBody({ state, metric, isInPoints, value, base }) {
  const { data } = state.numbers;
  const difference = of(metric)(isInPoints ? data.comparison?.change_points : data.comparison?.change_percent);
  return html`<strong>${value(data)}</strong>
    <span class="base">
      <${Change} value=${difference} better=${state.better[metric]}
        text=${difference == null ? "" : isInPoints ? format.points(difference) : format.change(difference)} />
      <span>${base(data)}</span>
    </span>`;
}

export function OverTime({ store, state }) {
  const { numbers, query } = state;
  const measure = measures[query.measure] ? query.measure : "calls";
  const [isTable, setTable] = useState(false);
  const rows = numbers?.series.rows?.length ? numbers.series.rows : undefined;
  const interval = numbers?.series.interval;
  const timezone = numbers?.query.timezone;
  const { comparison, meta } = numbers?.data ?? {};
  const earlier = comparison?.series;
  const length = meta ? (Date.parse(meta.end ?? meta.now) - Date.parse(meta.start ?? meta.first_task_at ?? meta.now)) / 86_400_000 : 0;
  const choices = q.intervals(Math.round(length) || 1).all.map((one) => [one, one]);
  const isRunning = rows?.some((row) => row.state === "current");
  return html`<section class="panel over-time" aria-labelledby="over-time">
    <header>
      <h2 id="over-time">${measures[measure].title}</h2>
      ${earlier?.length > 0 && html`<span class="legend"><i class="dash"></i>before: ${format.dates(earlier[0].start, earlier[earlier.length - 1].end, timezone)}</span>`}
      ${isRunning && html`<span class="legend"><i class="hatched"></i>so far</span>`}
      ${choices.length > 1 && html`<${Choice} label="Interval" options=${choices} value=${interval}
        onChange=${(value) => store.navigate({ interval: value })} />`}
    </header>
    ${rows ? html`<${Chart} rows=${rows} earlier=${earlier} measure=${measure} interval=${interval} timezone=${timezone}
        onNarrow=${(row) => store.navigate(q.bucketRange(row, interval))} />`
      : html`<div class=${numbers ? "chart empty" : "chart block"}>${numbers && "No calls yet."}</div>`}
    ${rows && html`<details onToggle=${(event) => setTable(event.currentTarget.open)}>
      <summary>As a table</summary>
      ${isTable && html`<${ChartTable} rows=${rows} earlier=${earlier} measure=${measure} interval=${interval} timezone=${timezone} />`}
    </details>`}
  </section>`;
}

/** Statuses that a click can list; the rest of the tasks have others. @type {[string, string][]} */
const statuses = [["completed", "Completed"], ["failed", "Failed"], ["in_progress", "In progress"], ["pending", "Pending"]];

export function Outcomes({ store, state }) {
  const { numbers, query, better } = state;
  if (!numbers) return html`<section class="panel outcomes" aria-label="Outcomes"><header><h2>Outcomes</h2></header><div class="block fill"></div></section>`;
  const { data } = numbers;
  const { call_analytics: calls, call_status: tasks, reconciliation, comparison } = data;
  const list = (name, value) => {
    store.navigate({ outcome: undefined, status: undefined, [name]: query[name] === value ? undefined : value });
    document.getElementById("calls")?.scrollIntoView({ block: "nearest" });
  };
  return html`<section class="panel outcomes" aria-labelledby="outcomes">
    <header><h2 id="outcomes">Outcomes</h2></header>
    <${Mix} row=${data} class="mix big" />
    <table class="rows">
      <thead class="hidden"><tr><th>Outcome</th><th>Calls</th><th>Share</th><th>Change</th></tr></thead>
      <tbody>${outcomes.map(([outcome, name]) => {
        const difference = comparison?.change_percent.call_analytics[outcome] ?? otherChange(outcome, data);
        return html`<tr key=${outcome} class=${query.outcome === outcome ? "chosen" : ""}>
          <th scope="row"><button type="button" class="row" aria-pressed=${String(query.outcome === outcome)}
            onClick=${() => list("outcome", outcome)}><i class=${`dot bg-${outcome}`}></i>${name}</button></th>
          <td class="number"><b>${format.count(outcomeCount(data, outcome))}</b></td>
          <td class="number faint">${format.share(calls.total_calls ? outcomeCount(data, outcome) / calls.total_calls : 0)}</td>
          <td class="number"><${Change} value=${difference} better=${better[`call_analytics.${outcome}`]}
            text=${difference == null ? "" : format.change(difference)} /></td>
        </tr>`;
      })}</tbody>
    </table>
    <${Labels} store=${store} state=${state} />
    <h3>Tasks by status</h3>
    <table class="rows">
      <thead class="hidden"><tr><th>Status</th><th>Tasks</th><th>Share</th></tr></thead>
      <tbody>${statuses.map(([status, name]) => html`<tr key=${status} class=${query.status === status ? "chosen" : ""}>
        <th scope="row"><button type="button" class="row" aria-pressed=${String(query.status === status)}
          onClick=${() => list("status", status)}>${name}</button></th>
        <td class="number"><b>${format.count(tasks[status])}</b></td>
        <td class="number faint">${format.share(tasks.total_tasks ? tasks[status] / tasks.total_tasks : 0)}</td></tr>`)}
        <tr><th scope="row"><span class="row">Hold, scheduled, …</span></th>
          <td class="number"><b>${format.count(reconciliation.other_states)}</b></td>
          <td class="number faint">${format.share(tasks.total_tasks ? reconciliation.other_states / tasks.total_tasks : 0)}</td></tr>
      </tbody>
    </table>
    ${reconciliation.balanced
      ? html`<p class="note">✓ Outcomes add up to all calls, statuses to all tasks.</p>`
      : html`<p class="wrong" role="alert">✗ These numbers do not add up. Please tell the operator.</p>`}
  </section>`;
}

// The API has no change of the calls that are none of the six.
function otherChange(outcome, data) {
  const earlier = data.comparison?.reconciliation?.other_outcomes;
  const isWhole = data.comparison && data.meta?.end && Date.parse(data.meta.end) <= Date.parse(data.meta.now);
  return outcome === "other" && isWhole && earlier ? (data.reconciliation.other_outcomes / earlier - 1) * 100 : null;
}

function Labels({ store, state }) {
  const { labels } = state;
  const rows = labels?.rows?.filter((row) => row.reconciliation.other_outcomes > 0) ?? [];
  rows.sort((left, right) => right.reconciliation.other_outcomes - left.reconciliation.other_outcomes);
  const open = (event) => {
    if (!event.currentTarget.open) store.set({ labels: null });
    else if (!state.labels) store.loadLabels().catch(() => store.load({ isQuiet: true }));
  };
  return html`<details class="labels" open=${Boolean(labels)} onToggle=${open}>
    <summary>What is behind “other”</summary>
    ${labels?.isBlocked && html`<p class="note">Labels cannot be combined with a filter by agent, direction or campaign.</p>`}
    ${labels?.rows && (rows.length === 0 ? html`<p class="note">No call ended with another label.</p>` : html`<table class="rows">
      <thead class="hidden"><tr><th>Label</th><th>Calls</th></tr></thead>
      <tbody>${rows.slice(0, 8).map((row) => html`<tr key=${row.label}>
        <th scope="row"><span class="row">${row.other ? "all others" : row.label || "not finished"}</span></th>
        <td class="number">${format.count(row.reconciliation.other_outcomes)}</td></tr>`)}</tbody></table>`)}
  </details>`;
}

/** Columns of the table: a name, a value to sort by, and its text. @type {[string, string, (row: any) => number | null, (value: any) => string][]} */
const columns = [
  ["interested", "Interested", measures.interested.value, format.share],
  ["completed", "Completed", measures.completed.value, format.share],
  ["score", "Score", measures.score.value, format.score],
  ["duration", "Duration", measures.duration.value, format.duration],
];

export function Who({ store, state }) {
  const { groups, query } = state;
  const [order, setOrder] = useState({ column: "calls", isUp: false });
  const by = q.dimensionOf(query);
  const dimension = q.dimensions[by];
  const isCurrent = groups?.by === by;
  const rows = isCurrent ? sort(groups.rows, order) : [];
  const most = Math.max(1, ...rows.map((row) => row.call_analytics.total_calls));
  const head = (column, text, name = "number") => html`<th key=${column} scope="col" class=${name}
      aria-sort=${order.column === column ? (order.isUp ? "ascending" : "descending") : "none"}>
    <button type="button" onClick=${() => setOrder({ column, isUp: order.column === column && !order.isUp })}>
      ${text}<span aria-hidden="true">${order.column === column ? (order.isUp ? " ↑" : " ↓") : ""}</span></button></th>`;
  return html`<section class="panel who" aria-labelledby="who">
    <header>
      <h2 id="who">Who and where</h2>
      <${Choice} label="Rows" options=${Object.entries(q.dimensions).map(([key, { plural }]) => [key, plural])} value=${by}
        onChange=${(value) => store.navigate({ by: value === "agent" ? undefined : value })} />
    </header>
    ${!isCurrent ? html`<div class="block fill"></div>`
      : groups.isBlocked ? html`<p class="note">Labels cannot be combined with a filter by agent, direction or campaign.</p>`
      : rows.length === 0 ? html`<p class="note">No calls in this period.</p>`
      : html`<table class="list">
        <thead><tr>${head("name", dimension.one, "name")}${head("calls", "Calls")}<th scope="col" class="wide">Outcomes</th>
          ${columns.map(([key, text]) => head(key, text, key === "interested" ? "number" : "number wide"))}</tr></thead>
        <tbody>${rows.map((row) => {
          const key = row[dimension.key];
          const filter = dimension.filter;
          const value = filter && query[filter];
          const isChosen = Array.isArray(value) ? value.includes(key) : value === key;
          const isDim = value !== undefined && !isChosen;
          const name = nameOf(row, dimension);
          const choose = () => filter && store.navigate({ [filter]: isChosen ? undefined : filter === "agent" ? [key] : key });
          return html`<tr key=${row.other ? " other" : key} class=${isDim ? "dim" : ""}>
            <th scope="row" class="name">
              ${filter && !row.other ? html`<button type="button" class="row" title=${name} aria-pressed=${String(isChosen)} onClick=${choose}>${name}</button>`
                : html`<span class="row">${name}</span>`}
              <span class="track" aria-hidden="true"><span style=${{ width: `${(row.call_analytics.total_calls / most) * 100}%` }}></span></span>
            </th>
            <td class="number">${format.count(row.call_analytics.total_calls)}</td>
            <td class="wide"><${Mix} row=${row} /></td>
            ${columns.map(([column, , read, text]) => html`
              <td key=${column} class=${column === "interested" ? "number" : "number wide"}>${text(read(row))}</td>`)}
          </tr>`;
        })}</tbody></table>`}
  </section>`;
}

/** @param {any} row @param {{ key: string, none: string }} dimension */
const nameOf = (row, { key, none }) => row.other ? "all others" : (key === "space_token" ? row.space_name || row.space_token : row[key]) || none;

function sort(rows, /** @type {{ column: string, isUp: boolean }} */ { column, isUp }) {
  const read = columns.find(([key]) => key === column)?.[2] ?? ((row) => row.call_analytics.total_calls);
  const name = (row) => row.space_name ?? row.agent ?? row.direction ?? row.run_id ?? row.label ?? "";
  const compare = (left, right) =>
    column === "name" ? name(right).localeCompare(name(left)) : (read(right) ?? -1) - (read(left) ?? -1);
  return [...rows].sort((left, right) => Number(left.other ?? false) - Number(right.other ?? false) || compare(left, right) * (isUp ? -1 : 1));
}

export function Heat({ state }) {
  const { heat } = state;
  if (!heat) return html`<section class="panel heat" aria-label="When people are interested"><header><h2>When people are interested</h2></header><div class="block fill"></div></section>`;
  const cells = heat.cells.map((cell) => ({
    day: cell.day_of_week,
    hour: cell.hour_of_day,
    calls: cell.call_analytics.total_calls,
    share: cell.call_analytics.total_calls >= minCalls ? cell.call_analytics.interested / cell.call_analytics.total_calls : null,
  }));
  const known = cells.filter((cell) => cell.share !== null);
  const best = known.reduce((one, other) => (one && one.share >= other.share ? one : other), null);
  const at = (day, hour) => cells[(day - 1) * 24 + hour];
  const hours = [...Array(24).keys()];
  const tell = (cell) => `${format.weekdays[cell.day - 1]} from ${format.clock(cell.hour)}`;
  return html`<section class="panel heat" aria-labelledby="heat">
    <header><h2 id="heat">When people are interested</h2></header>
    <div class="scroll-inline"><table>
      <thead><tr><th scope="col"><span class="hidden">Day</span></th>${hours.map((hour) => html`
        <th key=${hour} scope="col">${hour % 3 ? html`<span class="hidden">${hour}</span>` : hour}</th>`)}</tr></thead>
      <tbody>${format.weekdays.map((name, i) => html`<tr key=${name}><th scope="row">${name.slice(0, 3)}</th>
        ${hours.map((hour) => {
          const cell = at(i + 1, hour);
          const text = cell.share === null ? "" : `${tell(cell)}: ${format.share(cell.share)} of ${format.count(cell.calls)} calls`;
          return html`<td key=${hour} title=${text} class=${cell.share === null ? "" : "known"}
            style=${{ "--share": `${cell.share === null ? 0 : 12 + 88 * (cell.share / (best.share || 1))}%` }}><span class="hidden">${cell.share === null ? "" : format.share(cell.share)}</span></td>`;
        })}</tr>`)}</tbody>
    </table></div>
    <p class="note">${best
      ? `Best: ${tell(best)}, ${format.share(best.share)} of ${format.count(best.calls)} calls. Hours with fewer than ${minCalls} calls are left blank.`
      : `Too few calls: an hour of the week needs ${minCalls}.`}
      ${heat.isCut && " Of the last 92 days."}</p>
  </section>`;
}

export function Calls({ store, state }) {
  const { calls, query } = state;
  const [download, setDownload] = useState("");
  const save = async () => {
    setDownload("Preparing …");
    try {
      const { limit, include, ...filters } = q.callsQuery(query);
      const response = await store.client.request("organisation/analytics/tasks/", { ...filters, format: "csv" });
      offer(new Blob([byteOrderMark, await response.blob()], { type: "text/csv" }), "calls.csv");
      setDownload("");
    } catch (error) {
      setDownload(/** @type {Error} */ (error).message);
    }
  };
  return html`<section class="panel calls" id="calls" aria-labelledby="calls-title">
    <header>
      <h2 id="calls-title">Latest calls</h2>
      ${calls && html`<span class="legend">${calls.total == null ? "" : format.count(calls.total)}</span>`}
      ${calls?.added > 0 && html`<button type="button" class="pill" onClick=${() => store.showNew()}>${format.count(calls.added)} new</button>`}
      <span class="end" role="status">${download}</span>
      <button type="button" class="quiet" onClick=${save}>CSV</button>
    </header>
    ${!calls ? html`<div class="block fill"></div>` : calls.tasks.length === 0 && !calls.hasMore ? html`<p class="note">No calls match.</p>` : html`
      <table class="list">
        <thead><tr><th scope="col">Created</th><th scope="col">Outcome</th><th scope="col">Agent</th><th scope="col">Space</th>
          <th scope="col">Direction</th><th scope="col">Status</th><th scope="col" class="number">Duration</th>
          <th scope="col" class="number">Score</th></tr></thead>
        <tbody>${calls.tasks.map((task) => html`<${Row} key=${task.task_id} task=${task} timezone=${query.timezone} />`)}</tbody>
      </table>`}
    ${calls?.hasMore && html`<footer><button type="button" disabled=${calls.isLoading} onClick=${() => store.showMore()}>Show more</button></footer>`}
  </section>`;
}

function Row({ task, timezone }) {
  const outcome = task.outcome ?? "other";
  const name = task.outcome && task.outcome !== "other" ? outcomes.find(([key]) => key === outcome)?.[1] : task.label ?? "Not finished";
  return html`<tr>
    <th scope="row">${format.dateTime(task.created_at, timezone)}
      <small>${taskLink ? html`<a href=${taskLink.replace("{task_id}", encodeURIComponent(task.task_id))} rel="noreferrer">${task.task_id}</a>`
        : task.task_id}</small></th>
    <td class="what">${task.execution_type === "call" ? html`<i class=${`dot bg-${outcome}`}></i>${name}` : html`<span class="faint">${task.execution_type}</span>`}</td>
    <td>${task.agent || html`<span class="faint">no agent</span>`}</td>
    <td>${task.space_name}</td>
    <td>${task.direction || format.none}</td>
    <td>${task.status.replaceAll("_", " ")}</td>
    <td class="number">${format.duration(task.duration_seconds)}</td>
    <td class="number">${format.score(task.success_score)}</td>
  </tr>`;
}

function offer(/** @type {Blob} */ file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
