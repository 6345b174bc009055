// What every component uses.
import htm from "htm";
import { Component, h } from "preact";

export const html = htm.bind(h);

/** The outcomes, from good to none, with their names. */
export const outcomes = [
  ["interested", "Interested"],
  ["call_back", "Call back"],
  ["send_details", "Send details"],
  ["not_interested", "Not interested"],
  ["not_connected", "Not connected"],
  ["failed", "Failed"],
  ["other", "Other or not finished"],
];

export const outcomeName = (outcome) => outcomes.find(([key]) => key === outcome)?.[1];
export const outcomeCount = (row, outcome) => outcome === "other" ? row.reconciliation?.other_outcomes ?? 0 : row.call_analytics[outcome];
export const ratio = (part, whole) => whole ? part / whole : 0;

/** What moves with the time: "12 s ago", countdowns. */
export class Clock extends Component {
  componentDidMount() {
    this.timer = setInterval(() => this.setState({}), 1000);
  }
  componentWillUnmount() {
    clearInterval(this.timer);
  }
  render({ text }) {
    return text(Date.now());
  }
}

export const Dot = ({ outcome }) => html`<i class="dot" style=${{ background: `var(--${outcome})` }}></i>`;

export const Mix = ({ row, class: name = "mix" }) => html`<div class=${name} aria-hidden>${outcomes.map(([outcome]) =>
  outcomeCount(row, outcome) > 0 && html`<span key=${outcome}
    style=${{ background: `var(--${outcome})`, flexGrow: String(outcomeCount(row, outcome)) }}></span>`)}</div>`;

/** A change in percent or points: direction by arrow, good or bad by colour, both in words. */
export function Change({ value, better, text }) {
  if (value == null) return null;
  const tone = value === 0 || !better || better === "neither" ? "" : (value > 0) === (better === "more") ? "good" : "bad";
  return html`<span class=${`change ${tone}`}><span aria-hidden>${value > 0 ? "▲" : value < 0 ? "▼" : ""}</span> ${text(value)}
    ${tone && html`<span class="hidden"> (${tone === "good" ? "better" : "worse"})</span>`}</span>`;
}

export const Choice = ({ label, options, value, onChange }) => html`<div class="choice" role="group" aria-label=${label}>
  ${options.map(([key, text]) => html`<button key=${key} aria-pressed=${key === value} onClick=${() => onChange(key)}>${text}</button>`)}</div>`;

export const Select = ({ label, options, value, onChange, disabled = false }) => html`
  <select aria-label=${label} value=${value} disabled=${disabled} onChange=${(event) => onChange(event.currentTarget.value, event.currentTarget)}>
    ${options.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}</select>`;

export const Panel = ({ id, title, head, isReady, children }) => html`<section class="panel" id=${id} aria-label=${title}>
  <header><h2>${title}</h2>${head}</header>
  ${isReady ? children : html`<div class="block fill"></div>`}</section>`;

export const Rows = ({ heads, children }) => html`<table class="rows">
  <thead class="hidden"><tr>${heads.map((head) => html`<th>${head}</th>`)}</tr></thead><tbody>${children}</tbody></table>`;

// One function for all renders: a dialog that is about to close must not open again.
const open = (element) => element?.showModal();

export const Dialog = ({ title, onClose, children }) => html`<dialog ref=${open} aria-label=${title} closedby="any" onClose=${onClose}>
  <header><h2>${title}</h2><form method="dialog"><button class="quiet" aria-label="Close">×</button></form></header>
  ${children}
</dialog>`;
