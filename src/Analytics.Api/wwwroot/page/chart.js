// The chart over time and the sparklines: SVG, drawn from the rows of a series.
import { useEffect, useRef, useState } from "preact/hooks";
import * as format from "./format.js";
import { html, outcomeCount, outcomes } from "./view.js";

/** What a card and the chart show of a row: null where there is nothing to divide by. */
export const measures = /** @type {Record<string, { title: string, value: (row: any) => number | null, text: (value: number | null) => string, axis: (value: number) => string, scale?: number }>} */ ({
  calls: { title: "Calls by outcome", value: (row) => row.call_analytics.total_calls, text: format.count, axis: format.compact },
  interested: {
    title: "Interested, share of calls",
    value: (row) => row.call_analytics.total_calls ? row.call_analytics.interested / row.call_analytics.total_calls : null,
    text: format.share,
    axis: format.share,
  },
  completed: {
    title: "Completed, share of tasks",
    value: (row) => row.call_status.total_tasks ? row.call_status.success_rate / 100 : null,
    text: format.share,
    axis: format.share,
  },
  score: {
    title: "Average score",
    value: (row) => row.components?.scored_calls ? row.call_analytics.avg_success_score : null,
    text: format.score,
    axis: format.compact,
  },
  duration: { title: "Average duration", value: (row) => row.components?.avg_duration_seconds ?? null, text: format.duration, axis: format.duration },
});

/** @param {{ rows: any[] | undefined, measure: string }} props */
export function Spark({ rows = [], measure }) {
  const { value } = measures[measure];
  const past = rows.filter((row) => row.state !== "future");
  const values = past.map(value);
  const known = /** @type {number[]} */ (values.filter((one) => one !== null));
  if (known.length < 2) return html`<svg class="spark" aria-hidden="true"></svg>`;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const points = values
    .map((one, i) => one === null ? null : [(i / (values.length - 1)) * 100, 26 - ((one - low) / (high - low || 1)) * 22])
    .filter((point) => point !== null);
  const line = points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
  return html`<svg class="spark" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
    <path class="area" d=${`${line}L${points[points.length - 1][0]} 30L${points[0][0]} 30Z`} />
    <path class="line" d=${line} />
  </svg>`;
}

const top = 12;
const bottom = 30;

/** One tab stop: arrows, Home and End choose a bucket, Enter narrows to it. */
export function Chart({ rows, earlier, measure, interval, timezone, onNarrow }) {
  const { value, text, axis } = measures[measure];
  const [box, width, height] = useSize();
  const [selected, setSelected] = useState(-1);
  const isStacked = measure === "calls";
  const left = measure === "duration" ? 52 : 46;
  const values = rows.map((row) => row.state === "future" ? null : value(row));
  const marks = rows.map((_, i) => earlier?.[i] ? value(earlier[i]) : null);
  const ticks = scale(Math.max(0, ...values, ...marks), measure);
  const ceiling = ticks[ticks.length - 1];
  const step = (width - left - 4) / rows.length;
  const bar = Math.max(1, step * 0.78);
  const x = (i) => left + i * step + (step - bar) / 2;
  const y = (amount) => top + (height - top - bottom) * (1 - amount / ceiling);
  const current = selected < rows.length ? selected : -1;

  const describe = (i) => {
    const row = rows[i];
    const name = format.bucket(row, interval, timezone);
    if (row.state === "future") return `${name}: not yet`;
    const before = marks[i] === null ? "" : `, before ${text(marks[i])}`;
    return `${name}: ${text(values[i])}${isStacked ? " calls" : ""}${row.state === "current" ? " so far" : ""}${before}`;
  };
  const onKeyDown = (event) => {
    const last = rows.length - 1;
    const next = { ArrowRight: Math.min(current + 1, last), ArrowLeft: Math.max(current - 1, 0), Home: 0, End: last }[event.key];
    if (next !== undefined) setSelected(next);
    else if (event.key === "Enter" && current >= 0) onNarrow(rows[current]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = (event) =>
    Math.floor((event.clientX - /** @type {Element} */ (event.currentTarget).getBoundingClientRect().left - left) / step);
  const onPointerMove = (event) => setSelected(rows[at(event)] ? at(event) : -1);

  return html`
    <div class="chart" ref=${box} tabIndex="0" role="application" aria-roledescription="chart"
        aria-label=${`${measures[measure].title}. Arrow keys choose a bar, Enter narrows to it.`}
        onKeyDown=${onKeyDown} onBlur=${() => setSelected(-1)} onPointerMove=${onPointerMove} onPointerLeave=${() => setSelected(-1)}
        onClick=${(event) => rows[at(event)] && onNarrow(rows[at(event)])}>
      <svg width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} aria-hidden="true">
        <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2.5" height="6" class="hatch" /></pattern></defs>
        ${ticks.map((tick) => html`<g key=${tick}>
          <line class=${tick ? "gridline" : "baseline"} x1=${left} x2=${width} y1=${y(tick)} y2=${y(tick)} />
          <text class="tick" x=${left - 8} y=${y(tick) + 4} text-anchor="end">${axis(tick)}</text></g>`)}
        ${rows.map((row, i) => html`<g key=${row.start}>
          ${current === i && html`<rect class="band" x=${left + i * step} y=${top} width=${step} height=${height - top - bottom} />`}
          ${values[i] !== null && (isStacked ? stack(row, x(i), bar, y) : html`
            <rect class="column" x=${x(i)} width=${bar} y=${y(values[i])} height=${y(0) - y(values[i])} rx="1.5" />`)}
          ${row.state === "current" && values[i] > 0 && html`
            <rect class="running" x=${x(i)} width=${bar} y=${y(values[i])} height=${y(0) - y(values[i])} fill="url(#hatch)" />`}
          ${marks[i] > 0 && html`
            <line class="mark" x1=${left + i * step + 1} x2=${left + (i + 1) * step - 1} y1=${y(marks[i])} y2=${y(marks[i])} />`}
        </g>`)}
        ${labels(rows, step, interval, timezone).map(([i, label]) => html`
          <text key=${`label${i}`} class="tick" x=${left + (i + 0.5) * step} y=${height - 8} text-anchor="middle">${label}</text>`)}
      </svg>
      ${current >= 0 && html`<${Tip} row=${rows[current]} title=${describe(current)} isStacked=${isStacked}
        position=${(left + (current + 0.5) * step) / width} />`}
    </div>
    <p class="hidden" role="status">${current >= 0 ? describe(current) : ""}</p>`;
}

function Tip({ row, title, isStacked, position }) {
  return html`<div class="tip" aria-hidden="true"
      style=${{ left: `${position * 100}%`, transform: `translateX(${position < 0.3 ? "0" : position > 0.7 ? "-100%" : "-50%"})` }}>
    <b>${title}</b>
    ${isStacked && row.state !== "future" && outcomes.map(([outcome, name]) => outcomeCount(row, outcome) > 0 && html`
      <span key=${outcome}><i class=${`dot bg-${outcome}`}></i>${name}<em>${format.count(outcomeCount(row, outcome))}</em></span>`)}
  </div>`;
}

/** The same numbers for those who read them. */
export function ChartTable({ rows, earlier, measure, interval, timezone }) {
  const { value, text, title } = measures[measure];
  const isStacked = measure === "calls";
  return html`<div class="scroll" tabIndex="0" role="region" aria-label=${`${title}, as a table`}><table>
    <thead><tr><th scope="col">${{ hour: "Hour", day: "Day", week: "Week", month: "Month" }[interval]}</th>
      <th scope="col" class="number">${isStacked ? "Calls" : title}</th>
      ${earlier && html`<th scope="col" class="number">Before</th>`}
      ${isStacked && outcomes.map(([outcome, name]) => html`<th key=${outcome} scope="col" class="number">${name}</th>`)}</tr></thead>
    <tbody>${rows.map((row, i) => html`<tr key=${row.start}>
      <th scope="row">${format.bucket(row, interval, timezone)}${row.state === "current" ? " (so far)" : ""}</th>
      <td class="number">${row.state === "future" ? "" : text(value(row))}</td>
      ${earlier && html`<td class="number">${earlier[i] ? text(value(earlier[i])) : ""}</td>`}
      ${isStacked && outcomes.map(([outcome]) => html`
        <td key=${outcome} class="number">${row.state === "future" ? "" : format.count(outcomeCount(row, outcome))}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

function stack(row, x, width, /** @type {(amount: number) => number} */ y) {
  let sum = 0;
  return outcomes.map(([outcome]) => {
    const amount = outcomeCount(row, outcome);
    if (!(amount > 0)) return null;
    const base = y(sum);
    sum += amount;
    const size = base - y(sum);
    return html`<rect key=${outcome} class=${`fill-${outcome}`} x=${x} width=${width} y=${y(sum)} height=${Math.max(size - 1, size / 2)} />`;
  });
}

/** Round values from zero to above the highest. */
function scale(highest, measure) {
  const isTime = measure === "duration";
  const least = measure === "calls" ? 1 : isTime ? 1 : 0;
  const rough = Math.max((highest || 1) / 3, least);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = isTime
    ? [1, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400, 172_800].find((one) => one >= rough) ?? 604_800
    : ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough && (measure !== "calls" || (one * power) % 1 === 0)) ?? 10) * power;
  const ticks = [];
  for (let i = 0; i === 0 || (i - 1) * step < highest; i++) ticks.push(i * step);
  return ticks.length > 1 ? ticks : [0, step];
}

/** As many labels as fit. @returns {[number, string][]} */
function labels(rows, step, interval, timezone) {
  const every = Math.max(1, Math.ceil(62 / step));
  return rows
    .map((row, i) => /** @type {[number, string]} */ ([i, format.axis(row.start, interval, timezone)]))
    .filter(([i]) => i % every === Math.min(Math.floor(every / 2), Math.floor(rows.length / 2)) || rows.length === 1);
}

function useSize() {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [size, setSize] = useState([720, 470]);
  useEffect(() => {
    const element = /** @type {HTMLElement} */ (box.current);
    const observer = new ResizeObserver(() => setSize([element.clientWidth, element.clientHeight]));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return /** @type {const} */ ([box, ...size]);
}
