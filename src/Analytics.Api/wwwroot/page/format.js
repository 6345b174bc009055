// Numbers, dates and clocks of the reader's region, in English words.

const language = navigator.language || "en-GB";
const locale = /^en\b/i.test(language) ? language : `en-${new Intl.Locale(language).maximize().region ?? "GB"}`;

export const none = "–";
const known = (format) => (value) => value == null ? none : format(value);
const numbers = (options) => known(new Intl.NumberFormat(locale, options).format);

export const count = numbers({ maximumFractionDigits: 0 });
/** A ratio from 0 to 1. */
export const share = numbers({ style: "percent", maximumFractionDigits: 1 });
export const score = numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const compact = numbers({ notation: "compact", maximumFractionDigits: 1 });

const changes = numbers({ style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" });
const differences = numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
export const change = (percent) => changes(percent / 100).replace("-", "−");
export const points = (value) => `${differences(value)} pp`.replace("-", "−");

export const duration = known((seconds) => {
  const whole = Math.round(seconds);
  const two = (part) => String(part % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${two(whole)}` : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(whole)}`;
});

const formats = new Map();

function dateFormat(timeZone, options, tag = locale) {
  const key = JSON.stringify([timeZone, options, tag]);
  try {
    if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(tag, { timeZone, ...options }));
    return formats.get(key);
  } catch {
    return dateFormat("UTC", options, tag); // A zone that the browser does not know.
  }
}

const write = (instant, timeZone, options, tag) => dateFormat(timeZone, options, tag).format(new Date(instant));

const dayAndMonth = { day: "numeric", month: "short" };
const time = { hour: "numeric", minute: "2-digit" };

export const dateTime = (instant, timeZone) => write(instant, timeZone, { ...dayAndMonth, ...time });

/** The local date, as the API writes it. */
export const isoDate = (instant, timeZone) =>
  write(instant, timeZone, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");

export function dates(start, end, timeZone) {
  const isOfDays = [start, end].every((instant) => instant.slice(11, 16) === "00:00");
  return dateFormat(timeZone, { ...dayAndMonth, ...(isOfDays ? { year: "numeric" } : time) })
    .formatRange(new Date(start), new Date(Date.parse(end) - (isOfDays ? 1 : 0)));
}

export const axis = (start, interval, timeZone) =>
  write(start, timeZone, interval === "hour" ? time : interval === "month" ? { month: "short", year: "2-digit" } : dayAndMonth);

export const bucket = ({ start, end }, interval, timeZone) => interval === "week" || interval === "month"
  ? dates(start, end, timeZone)
  : write(start, timeZone, { weekday: "short", ...dayAndMonth, ...(interval === "hour" && time) });

export function ago(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export const clock = (hour) => write(hour * 3_600_000, "UTC", time);
