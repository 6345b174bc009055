// The address is the query: the API's names and rules, and four of the page (outcome, status, by, measure).
import { isoDate } from "./format.js";

/**
 * @typedef {object} PageQuery
 * @property {string} [date_range]
 * @property {string} [start_date]
 * @property {string} [end_date]
 * @property {string} [timezone]
 * @property {string} [interval]
 * @property {string} [compare]
 * @property {string} [space_token]
 * @property {string[]} [agent]
 * @property {string} [direction]
 * @property {string} [run_id]
 * @property {string} [outcome]
 * @property {string} [status]
 * @property {string} [by]
 * @property {string} [measure]
 */

/** Value, label, days and key of each period. @type {[string, string, number, string?][]} */
export const periods = [
  ["today", "Today", 1, "t"],
  ["24h", "Last 24 hours", 2, "h"],
  ["yesterday", "Yesterday", 1, "y"],
  ["7d", "Last 7 days", 7, "w"],
  ["28d", "Last 28 days", 28, "f"],
  ["30d", "Last 30 days", 30],
  ["91d", "Last 91 days", 91, "q"],
  ["week", "This week", 7],
  ["month", "This month", 31, "m"],
  ["year", "This year", 366],
  ["6mo", "Last 6 months", 184, "s"],
  ["12mo", "Last 12 months", 366, "l"],
  ["all", "All time", Infinity, "a"],
];

export const comparisons = [
  ["previous_period", "the period before"],
  ["previous_year", "the year before"],
  ["", "nothing"],
];

const names = ["date_range", "start_date", "end_date", "timezone", "interval", "compare", "space_token", "agent", "direction", "run_id",
  "outcome", "status", "by", "measure"];

// Blank selects the tasks without one.
const mayBeBlank = ["agent", "direction", "run_id"];
const day = 86_400_000;

/** What the page shows when the address says nothing. */
export const defaults = { date_range: "28d", compare: "previous_period" };

/** @param {string} search @returns {PageQuery} */
export function parse(search) {
  /** @type {any} */
  const query = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (!names.includes(name) || (value === "" && !mayBeBlank.includes(name))) continue;
    if (name === "agent") (query.agent ??= []).push(value);
    else query[name] = value;
  }
  return query;
}

/** @param {PageQuery} query */
export function serialize(query) {
  const search = new URLSearchParams();
  for (const name of names) {
    const value = /** @type {any} */ (query)[name];
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) search.append(name, one);
    }
  }
  return search.toString();
}

/** @param {PageQuery} query */
export const range = ({ date_range, start_date, end_date, timezone }) => ({ date_range, start_date, end_date, timezone });

/** @param {PageQuery} query */
export const filters = ({ space_token, agent, direction, run_id }) => ({ space_token, agent, direction, run_id });

/** @param {PageQuery} query */
export const hasLowerBound = (query) => Boolean(query.start_date || (query.date_range && query.date_range !== "all"));

/** The days of the window, about; Infinity where the query alone does not tell. @param {PageQuery} query */
export function days({ date_range, start_date, end_date }) {
  if (!start_date) return periods.find(([value]) => value === date_range)?.[2] ?? Infinity;
  const isOfDays = start_date.length === 10;
  return (Date.parse(end_date ?? new Date().toISOString()) - Date.parse(start_date)) / day + (isOfDays ? 1 : 0);
}

/** The intervals that suit a window, and the one to begin with. @param {number} length In days. */
export function intervals(length) {
  if (length <= 2) return { all: ["hour"], first: "hour" };
  if (length <= 35) return { all: length < 14 ? ["hour", "day"] : ["hour", "day", "week"], first: "day" };
  if (length <= 366) return { all: ["day", "week", "month"], first: length <= 92 ? "day" : length <= 184 ? "week" : "month" };
  return { all: ["week", "month"], first: "month" };
}

export const dimensions = /** @type {Record<string, { plural: string, one: string, none: string, filter?: string, key: string }>} */ ({
  agent: { plural: "Agents", one: "Agent", none: "no agent", filter: "agent", key: "agent" },
  space: { plural: "Spaces", one: "Space", none: "no space", filter: "space_token", key: "space_token" },
  direction: { plural: "Directions", one: "Direction", none: "no direction", filter: "direction", key: "direction" },
  run: { plural: "Campaigns", one: "Campaign", none: "no campaign", filter: "run_id", key: "run_id" },
  label: { plural: "Labels", one: "Label", none: "no label", key: "label" },
});

/** @param {PageQuery} query */
export const dimensionOf = (query) => (query.by && dimensions[query.by] ? query.by : "agent");

/** Whether the API combines labels with these filters. @param {PageQuery} query */
export const allowsLabels = (query) => !query.agent && query.direction === undefined && query.run_id === undefined;

/** The requests of the page: one object for each. @param {PageQuery} query */
export function numbersQuery(query) {
  const isBounded = hasLowerBound(query);
  return {
    ...range(query),
    ...filters(query),
    interval: isBounded ? query.interval ?? intervals(days(query)).first : undefined,
    compare: isBounded ? query.compare : undefined,
    include: "reconciliation,components,meta",
  };
}

/** The series of a window without a lower bound, from the first task on. @param {PageQuery} query @param {any} meta */
export function seriesQuery(query, meta) {
  const timezone = query.timezone ?? "UTC";
  const end = query.end_date?.length === 10 ? query.end_date : undefined;
  const last = Date.parse(query.end_date ?? meta.now);
  const start = isoDate(Math.max(Date.parse(meta.first_task_at), last - 3_652 * day), timezone);
  const length = (last - Date.parse(start)) / day;
  return {
    start_date: start,
    end_date: end ?? isoDate(last, timezone),
    timezone: query.timezone,
    ...filters(query),
    interval: query.interval ?? intervals(length).first,
    include: "reconciliation,components",
  };
}

/** @param {PageQuery} query */
export function groupsQuery(query) {
  const by = dimensionOf(query);
  const own = dimensions[by].filter;
  return {
    ...range(query),
    ...filters(query),
    ...(own ? { [own]: undefined } : {}), // The other rows stay, dimmed.
    group_by: by,
    include: "reconciliation,components",
  };
}

/** @param {PageQuery} query */
export const labelsQuery = (query) => ({ ...range(query), space_token: query.space_token, group_by: "label", include: "reconciliation" });

/** Of a longer window the last 92 days. @param {PageQuery} query @param {any} [meta] The meta of the numbers, for those. */
export function heatQuery(query, meta) {
  const rest = { ...filters(query), group_by: "day_of_week,hour_of_day" };
  if (!meta) return { ...range(query), ...rest };
  const timezone = query.timezone ?? "UTC";
  const end = Math.min(meta.end ? Date.parse(meta.end) - 1 : Infinity, Date.parse(meta.now));
  const last = isoDate(end, timezone);
  return { start_date: addDays(last, -91), end_date: last, timezone: query.timezone, ...rest };
}

/** @param {PageQuery} query */
export const callsQuery = (query) =>
  ({ ...range(query), ...filters(query), outcome: query.outcome, status: query.status, limit: 10, include: "total" });

/** @param {string} date @param {number} number */
export const addDays = (date, number) => new Date(Date.parse(date) + number * day).toISOString().slice(0, 10);

/** The window of one bucket. @param {{ start: string, end: string }} row @param {string} interval */
export function bucketRange({ start, end }, interval) {
  const none = { date_range: undefined, interval: undefined };
  return interval === "hour"
    ? { ...none, start_date: start, end_date: end }
    : { ...none, start_date: start.slice(0, 10), end_date: isMidnight(end) ? addDays(end.slice(0, 10), -1) : end.slice(0, 10) };
}

/** @param {string} instant */
const isMidnight = (instant) => instant.slice(11, 16) === "00:00";
