// The chart over time and the sparklines: SVG, drawn from the rows of a series.
import { Component } from "preact";
import * as format from "./format.js";
import { Dot, html, outcomeCount, outcomes, ratio } from "./view.js";

/** What the cards, the chart and the table of groups show of a row. `value` is null where there is nothing to divide by. @type {Record<string, any>} */
export const measures = {
  calls: {
    label: "Calls",
    title: "Calls by outcome",
    metric: "call_analytics.total_calls",
    value: (row) => row.call_analytics.total_calls,
    text: format.count,
    axis: format.compact,
    base: ({ comparison }) => comparison && `from ${format.count(comparison.call_analytics.total_calls)}`,
  },
  interested: {
    label: "Interested",
    title: "Interested, share of calls",
    metric: "call_analytics.interested",
    value: ({ call_analytics: calls }) => calls.total_calls ? calls.interested / calls.total_calls : null,
    text: format.share,
    card: (data) => format.count(data.call_analytics.interested),
    base: ({ call_analytics: calls }) => `${format.share(ratio(calls.interested, calls.total_calls))} of calls`,
  },
  completed: {
    label: "Completed",
    title: "Completed, share of tasks",
    metric: "call_status.success_rate",
    isInPoints: true,
    value: ({ call_status: tasks }) => tasks.total_tasks ? tasks.success_rate / 100 : null,
    text: format.share,
    base: ({ call_status: tasks }) => `${format.count(tasks.completed)} of ${format.count(tasks.total_tasks)}`,
  },
  score: {
    label: "Average score",
    column: "Score",
    metric: "call_analytics.avg_success_score",
    value: (row) => row.components?.scored_calls ? row.call_analytics.avg_success_score : null,
    text: format.score,
    axis: format.compact,
    base: ({ components }) => `${format.count(components.scored_calls)} scored`,
  },
  duration: {
    label: "Average duration",
    column: "Duration",
    metric: "components.avg_duration_seconds",
    value: (row) => row.components?.avg_duration_seconds ?? null,
    text: format.duration,
    base: ({ components }) => `${format.count(components.timed_calls)} timed`,
  },
};

export const measureOf = (query) => measures[query.measure] ? query.measure : "calls";

export function Spark({ rows = [], measure }) {
  const values = rows.filter((row) => row.state !== "future").map(measures[measure].value);
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const x = (i) => ((i / (values.length - 1)) * 100).toFixed(1);
  const y = (value) => (26 - ((value - low) / (high - low || 1)) * 22).toFixed(1);
  const line = values.flatMap((value, i) => value === null ? [] : `${x(i)} ${y(value)}`).join("L");
  return html`<svg class="spark" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden>
    ${known.length > 1 && html`<path class="area" d=${`M${x(values.indexOf(known[0]))} 30L${line}V30Z`} /><path class="line" d=${`M${line}`} />`}</svg>`;
}

const [top, bottom, left] = [12, 30, 52];

/** One tab stop: arrows, Home and End choose a bucket, Enter narrows to it. */
export class Chart extends Component {
  state = { selected: -1, width: 720, height: 470 };

  observer = new ResizeObserver(([{ contentRect: { width, height } }]) => this.setState({ width, height }));
  observe = (element) => element ? this.observer.observe(element) : this.observer.disconnect();

  render({ rows, earlier, measure, interval, timezone, onNarrow }, { selected, width, height }) {
    const { label, title = label, value, text, axis = text } = measures[measure];
    const select = (i) => this.setState({ selected: i });
    const unselect = () => select(-1);
    const isStacked = measure === "calls";
    const values = rows.map((row) => row.state === "future" ? null : value(row));
    const marks = rows.map((_, i) => earlier?.[i] ? value(earlier[i]) : null);
    const ticks = scale(Math.max(0, ...values, ...marks), measure);
    const step = (width - left - 4) / rows.length;
    const bar = Math.max(1, step * 0.78);
    const floor = height - bottom;
    const x = (i) => left + i * step;
    const y = (amount) => floor - (floor - top) * (amount / ticks.at(-1));
    const current = rows[selected] ? selected : -1;

    const describe = (i) => {
      const { state } = rows[i];
      const calls = isStacked ? (values[i] === 1 ? " call" : " calls") : "";
      const now = state === "future" ? "not yet" : text(values[i]) + calls + (state === "current" ? " so far" : "");
      return `${format.bucket(rows[i], interval, timezone)}: ${now}${marks[i] === null ? "" : `, before ${text(marks[i])}`}`;
    };
    const onKeyDown = (event) => {
      const last = rows.length - 1;
      const next = { ArrowRight: Math.min(current + 1, last), ArrowLeft: Math.max(current - 1, 0), Home: 0, End: last }[event.key];
      if (next !== undefined) select(next);
      else if (event.key === "Enter" && current >= 0) onNarrow(rows[current]);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    const under = (event) => Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - left) / step);
    const rect = (i, low, high, fill, name) => {
      const size = y(low) - y(high);
      return html`<rect class=${name} x=${x(i) + (step - bar) / 2} width=${bar} y=${y(high)} height=${Math.max(size - 1, size / 2)} fill=${fill} />`;
    };
    const stack = (row, i) => {
      let sum = 0;
      return outcomes.map(([outcome]) => {
        const base = sum;
        sum += outcomeCount(row, outcome);
        return rect(i, base, sum, `var(--${outcome})`);
      });
    };

    return html`
      <div class="chart" ref=${this.observe} tabIndex="0" role="application" aria-roledescription="chart"
          aria-label=${`${title}. Arrow keys choose a bar, Enter narrows to it.`} onKeyDown=${onKeyDown}
          onPointerMove=${(event) => select(under(event))} onPointerLeave=${unselect} onBlur=${unselect}
          onClick=${(event) => rows[under(event)] && onNarrow(rows[under(event)])}>
        <svg width=${width} height=${height} aria-hidden>
          <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2.5" height="6" class="hatch" /></pattern></defs>
          ${ticks.map((tick) => html`<g key=${tick}>
            <line class=${tick ? "gridline" : "baseline"} x1=${left} x2=${width} y1=${y(tick)} y2=${y(tick)} />
            <text x=${left - 8} y=${y(tick) + 4} text-anchor="end">${axis(tick)}</text></g>`)}
          ${rows.map((row, i) => html`<g key=${row.start}>
            ${current === i && html`<rect class="band" x=${x(i)} y=${top} width=${step} height=${floor - top} />`}
            ${values[i] !== null && (isStacked ? stack(row, i) : rect(i, 0, values[i], "var(--accent)"))}
            ${row.state === "current" && values[i] > 0 && rect(i, 0, values[i], "url(#hatch)", "running")}
            ${marks[i] > 0 && html`<line class="mark" x1=${x(i) + 1} x2=${x(i + 1) - 1} y1=${y(marks[i])} y2=${y(marks[i])} />`}</g>`)}
          ${labels(rows.length, step).map((i) => html`<text key=${`label${i}`} x=${x(i + 0.5)} y=${height - 8} text-anchor="middle">
            ${format.axis(rows[i].start, interval, timezone)}</text>`)}
        </svg>
        ${current >= 0 && html`<${Tip} row=${rows[current]} title=${describe(current)} isStacked=${isStacked} position=${x(current + 0.5) / width} />`}
        <p class="hidden" role="status">${current >= 0 && describe(current)}</p>
      </div>`;
  }
}

const Tip = ({ row, title, isStacked, position }) => html`<div class="tip" aria-hidden
    style=${{ left: `${position * 100}%`, transform: `translateX(${position * -100}%)` }}>
  <b>${title}</b>
  ${isStacked && row.state !== "future" && outcomes.map(([outcome, name]) => outcomeCount(row, outcome) > 0 && html`
    <span><${Dot} outcome=${outcome} />${name}<b>${format.count(outcomeCount(row, outcome))}</b></span>`)}
</div>`;

export function ChartTable({ rows, earlier, measure, interval, timezone }) {
  const { label, title = label, value, text } = measures[measure];
  const parts = measure === "calls" ? outcomes : [];
  const numbers = (cells) => cells.map((cell) => html`<td class="number">${cell}</td>`);
  return html`<div class="scroll" tabIndex="0" role="region" aria-label=${`${title}, as a table`}><table>
    <thead><tr><th>Time</th>${[label, earlier && "Before", ...parts.map(([, name]) => name)].map((name) => name && html`<th class="number">${name}</th>`)}</tr></thead>
    <tbody>${rows.map((row, i) => html`<tr key=${row.start}>
      <th>${format.bucket(row, interval, timezone)}${row.state === "current" && " (so far)"}</th>
      ${numbers([row.state === "future" ? "" : text(value(row))])}
      ${earlier && numbers([earlier[i] ? text(value(earlier[i])) : ""])}
      ${numbers(parts.map(([outcome]) => row.state === "future" ? "" : format.count(outcomeCount(row, outcome))))}</tr>`)}</tbody>
  </table></div>`;
}

// Durations are divided by sixties; a call and a second are not divided.
function scale(highest, measure) {
  const base = measure === "duration" ? 60 : 10;
  const isWhole = base === 60 || measure === "calls";
  const rough = Math.max((highest || 1) / 3, isWhole ? 1 : 0);
  const power = base ** Math.floor(Math.log(rough) / Math.log(base));
  const step = [1, 2, 2.5, 5, 10, 15, 30, 60].map((one) => one * power).find((one) => one >= rough && !(isWhole && one % 1));
  return [...Array(Math.max(1, Math.ceil(highest / step)) + 1).keys()].map((i) => i * step);
}

function labels(count, step) {
  const every = Math.ceil(62 / step);
  return [...Array(count).keys()].filter((i) => i % every === 0 && i < count - every / 2);
}
