// What every component uses.
import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import htm from "htm";

export const html = /** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */ (htm.bind(h));

/** The outcomes, from good to none, with their names. @type {[string, string][]} */
export const outcomes = [
  ["interested", "Interested"],
  ["call_back", "Call back"],
  ["send_details", "Send details"],
  ["not_interested", "Not interested"],
  ["not_connected", "Not connected"],
  ["failed", "Failed"],
  ["other", "Other or not finished"],
];

/** The calls of an outcome in a row with `reconciliation`. @param {any} row @param {string} outcome */
export const outcomeCount = (row, outcome) =>
  outcome === "other" ? row.reconciliation?.other_outcomes ?? 0 : row.call_analytics[outcome];

/** A time that moves, for "12 s ago" and countdowns. */
export function useNow(isRunning = true) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}

/** The mix of outcomes as one bar. */
export function Mix({ row, class: name = "mix" }) {
  const total = row.call_analytics.total_calls;
  return html`<div class=${name} aria-hidden="true">${outcomes.map(([outcome]) => {
    const value = outcomeCount(row, outcome);
    return value > 0 && html`<span key=${outcome} class=${`bg-${outcome}`} style=${{ flexGrow: String(value / total) }}></span>`;
  })}</div>`;
}

/** A change in percent or points: direction by arrow, good or bad by colour, both in words. */
export function Change({ value, better = "neither", text }) {
  if (value == null) return null;
  const tone = value === 0 || better === "neither" ? "" : (value > 0) === (better === "more") ? "good" : "bad";
  return html`<span class=${`change ${tone}`}>
    <span aria-hidden="true" class="arrow">${value > 0 ? "▲" : value < 0 ? "▼" : ""}</span> ${text}
    ${tone && html`<span class="hidden"> (${tone === "good" ? "better" : "worse"})</span>`}
  </span>`;
}

/** A choice of a few, as buttons. */
export function Choice({ label, options, value, onChange }) {
  return html`<div class="choice" role="group" aria-label=${label}>${options.map(([key, text]) => html`
    <button key=${key} type="button" aria-pressed=${String(key === value)} onClick=${() => onChange(key)}>${text}</button>`)}</div>`;
}

// One function for all renders: a dialog that is about to close must not open again.
const open = (/** @type {HTMLDialogElement | null} */ element) => element?.showModal();

/** A modal dialog, open while it is rendered. */
export function Dialog({ title, onClose, children }) {
  return html`<dialog ref=${open} aria-labelledby="dialog-title" onClose=${onClose}
      onClick=${(event) => event.target === event.currentTarget && event.currentTarget.close()}>
    <div class="dialog">
      <header>
        <h2 id="dialog-title">${title}</h2>
        <form method="dialog"><button class="quiet" aria-label="Close">×</button></form>
      </header>
      ${children}
    </div>
  </dialog>`;
}
