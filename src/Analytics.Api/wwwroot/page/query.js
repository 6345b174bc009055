// The address is the query: the API's names and rules, and four of the page (outcome, status, by, measure).
import { isoDate } from "./format.js";

/** Value, label, days and key of each period. @type {any[][]} */
export const periods = [
  ["today", "Today", 1, "T"],
  ["24h", "Last 24 hours", 2, "H"],
  ["yesterday", "Yesterday", 1, "Y"],
  ["7d", "Last 7 days", 7, "W"],
  ["28d", "Last 28 days", 28, "F"],
  ["30d", "Last 30 days", 30],
  ["91d", "Last 91 days", 91, "Q"],
  ["week", "This week", 7],
  ["month", "This month", 31, "M"],
  ["year", "This year", 366],
  ["6mo", "Last 6 months", 184, "S"],
  ["12mo", "Last 12 months", 366, "L"],
  ["all", "All time", Infinity, "A"],
];

export const comparisons = [
  ["previous_period", "the period before"],
  ["previous_year", "the year before"],
  ["", "nothing"],
];

// Blank selects the tasks without one.
const mayBeBlank = ["agent", "direction", "run_id"];
const filterNames = ["space_token", ...mayBeBlank];
const rangeNames = ["date_range", "start_date", "end_date", "timezone"];
const names = [...rangeNames, "interval", "compare", ...filterNames, "outcome", "status", "by", "measure"];
const day = 86_400_000;

export const defaults = { date_range: "28d", compare: "previous_period" };

export function parse(search) {
  const query = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (!names.includes(name) || (value === "" && !mayBeBlank.includes(name))) continue;
    query[name] = name === "agent" ? [...(query.agent ?? []), value] : value;
  }
  return query;
}

export const serialize = (query) =>
  new URLSearchParams(names.flatMap((name) => [query[name] ?? []].flat().map((value) => [name, value]))).toString();

const select = (query, selected) => Object.fromEntries(selected.map((name) => [name, query[name]]));
const scope = (query) => select(query, [...rangeNames, ...filterNames]);

export const inPeriod = (value) => ({ date_range: value, start_date: undefined, end_date: undefined, interval: undefined });
export const inWindow = ({ start_date, end_date }) => ({ date_range: undefined, start_date, end_date });
export const withoutFilters = select({}, [...filterNames, "outcome", "status"]);

export const withNextComparison = ({ compare }) =>
  ({ compare: { undefined: "previous_period", previous_period: "previous_year" }[compare] });

export const isFiltered = (query) => filterNames.some((name) => query[name] !== undefined);
export const hasLowerBound = ({ start_date, date_range = "all" }) => Boolean(start_date) || date_range !== "all";

export const daysBetween = (start, end) => Math.round((Date.parse(end) - Date.parse(start)) / day);

// About; Infinity where the query alone does not tell.
function days({ date_range, start_date, end_date = new Date().toISOString() }) {
  if (!start_date) return periods.find(([value]) => value === date_range)?.[2] ?? Infinity;
  return daysBetween(start_date, end_date) + (start_date.length === 10 ? 1 : 0);
}

// What suits a number of days, and what to begin with.
export function intervals(length) {
  if (length <= 2) return { all: ["hour"], first: "hour" };
  if (length <= 35) return { all: length < 14 ? ["hour", "day"] : ["hour", "day", "week"], first: "day" };
  if (length <= 366) return { all: ["day", "week", "month"], first: length <= 92 ? "day" : length <= 184 ? "week" : "month" };
  return { all: ["week", "month"], first: "month" };
}

export const dimensions = {
  agent: { one: "Agent", key: "agent" },
  space: { one: "Space", key: "space_token" },
  direction: { one: "Direction", key: "direction" },
  run: { one: "Campaign", key: "run_id" },
  label: { one: "Label", key: "label" },
};

export const dimensionOf = ({ by }) => dimensions[by] ? by : "agent";

/** Whether the API combines labels with these filters. */
export const allowsLabels = (query) => mayBeBlank.every((name) => query[name] === undefined);

export function numbersQuery(query) {
  const isBounded = hasLowerBound(query);
  return {
    ...scope(query),
    interval: isBounded ? query.interval ?? intervals(days(query)).first : undefined,
    compare: isBounded ? query.compare : undefined,
    include: "reconciliation,components,meta",
  };
}

/** The series of a window without a lower bound, from the first task on, at most ten years. */
export function seriesQuery(query, meta) {
  const { timezone, end_date } = query;
  const last = Date.parse(end_date ?? meta.now);
  const start_date = isoDate(Math.max(Date.parse(meta.first_task_at), last - 3_652 * day), timezone);
  return {
    ...scope(query),
    ...inWindow({ start_date, end_date: end_date?.length === 10 ? end_date : isoDate(last, timezone) }),
    interval: query.interval ?? intervals((last - Date.parse(start_date)) / day).first,
    include: "reconciliation,components",
  };
}

export function groupsQuery(query) {
  const by = dimensionOf(query);
  const others = { [dimensions[by].key]: undefined }; // The other rows stay, dimmed.
  return { ...scope(query), ...others, group_by: by, include: "reconciliation,components" };
}

export const isLong = (query) => days(query) > 92;

/** Of a longer window the last 92 days, which the meta of the numbers tells. */
export function heatQuery(query, meta) {
  const end_date = meta && isoDate(Math.min(meta.end ? Date.parse(meta.end) - 1 : Infinity, Date.parse(meta.now)), query.timezone);
  const window = meta && inWindow({ start_date: addDays(end_date, -91), end_date });
  return { ...scope(query), ...window, group_by: "day_of_week,hour_of_day" };
}

export const callsQuery = (query) =>
  ({ ...scope(query), outcome: query.outcome, status: query.status, limit: 10, include: "total" });

export const todayQuery = ({ timezone }) => ({ date_range: "today", timezone, include: "meta" });

const addDays = (date, number) => new Date(Date.parse(date) + number * day).toISOString().slice(0, 10);

export function bucketRange({ start, end }, interval) {
  const last = end.slice(0, 10);
  const window = interval === "hour"
    ? { start_date: start, end_date: end }
    : { start_date: start.slice(0, 10), end_date: end.slice(11, 16) === "00:00" ? addDays(last, -1) : last };
  return { ...inWindow(window), interval: undefined };
}
