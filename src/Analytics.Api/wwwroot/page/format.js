// Numbers, dates and clocks of the reader's region, in English words.

const language = navigator.language || "en-GB";
const region = () => new Intl.Locale(language).maximize().region;
export const locale = /^en\b/i.test(language) ? language : `en-${region() ?? "GB"}`;

const integers = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" });
const signedPoints = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
const decimals = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });

export const none = "–";

/** @param {number | null | undefined} value */
export const count = (value) => (value == null ? none : integers.format(value));
/** @param {number | null | undefined} value A ratio from 0 to 1. */
export const share = (value) => (value == null || !Number.isFinite(value) ? none : shares.format(value));
/** @param {number} value */
export const change = (value) => signed.format(value / 100);
/** @param {number} value */
export const points = (value) => `${signedPoints.format(value)} pp`;
/** @param {number | null | undefined} value */
export const score = (value) => (value == null ? none : decimals.format(value));
/** @param {number} value */
export const compact = (value) => short.format(value);

/** @param {number | null | undefined} seconds */
export function duration(seconds) {
  if (seconds == null) return none;
  const whole = Math.round(seconds);
  const two = (part) => String(part).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${two(whole % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

function dateFormat(timeZone, /** @type {Intl.DateTimeFormatOptions} */ options, tag = locale) {
  const key = JSON.stringify([timeZone, options, tag]);
  let format = formats.get(key);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(tag, { timeZone, ...options });
    } catch {
      format = new Intl.DateTimeFormat(tag, { timeZone: "UTC", ...options }); // A zone that the browser does not know.
    }
    formats.set(key, format);
  }
  return format;
}

/** @param {string | number} instant @param {string} timeZone */
export const dateTime = (instant, timeZone) =>
  dateFormat(timeZone, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(new Date(instant));

/** The local date, as the API writes it. @param {string | number} instant @param {string} timeZone */
export const isoDate = (instant, timeZone) =>
  dateFormat(timeZone, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA").format(new Date(instant));

/** The days or hours of a window. @param {string} start @param {string} end @param {string} timeZone */
export function dates(start, end, timeZone) {
  const isOfDays = [start, end].every((instant) => instant.slice(11, 16) === "00:00");
  const format = dateFormat(timeZone, isOfDays
    ? { day: "numeric", month: "short", year: "numeric" }
    : { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  return format.formatRange(new Date(start), new Date(Date.parse(end) - (isOfDays ? 1 : 0)));
}

const bucketFormats = /** @type {Record<string, Intl.DateTimeFormatOptions>} */ ({
  hour: { hour: "numeric", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  week: { day: "numeric", month: "short" },
  month: { month: "short", year: "2-digit" },
});

/** A bucket on the axis. @param {string} start @param {string} interval @param {string} timeZone */
export const axis = (start, interval, timeZone) => dateFormat(timeZone, bucketFormats[interval]).format(new Date(start));

/** A bucket in words. @param {{ start: string, end: string }} row @param {string} interval @param {string} timeZone */
export function bucket(row, interval, timeZone) {
  if (interval === "hour") {
    const format = dateFormat(timeZone, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
    return format.format(new Date(row.start));
  }
  if (interval === "day") return dateFormat(timeZone, { weekday: "short", day: "numeric", month: "short" }).format(new Date(row.start));
  return dates(row.start, row.end, timeZone);
}

/** @param {number} milliseconds */
export function ago(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The clock of an hour of the day. @param {number} hour */
export const clock = (hour) => dateFormat("UTC", { hour: "numeric", minute: "2-digit" }).format(new Date(Date.UTC(2024, 0, 1, hour)));
