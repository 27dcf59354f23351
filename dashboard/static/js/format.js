// Numbers, ages and durations in the page's language; numbers by the rule of groundstation/words/language.py.

import { datePattern, decimalMark, gettext as _, groupMark, months } from "./words.js";

const SIGNIFICANT = 4;
/** Significant digits of a raw number. */
const RAW_DIGITS = 10;

/** A number with `digits` decimals, or with four significant ones when `digits` is null. */
export function formatNumber(value, digits) {
  const places = digits ?? decimals(value);
  const [whole, fraction] = Math.abs(value).toFixed(places).split(".");
  const long = Math.abs(value) >= 10_000;
  const grouped = long ? whole.replace(/\B(?=(\d{3})+$)/g, groupMark) : whole;
  const text = fraction ? grouped + decimalMark + fraction : grouped;
  return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
}

function decimals(value) {
  const size = Math.abs(value);
  if (size === 0 || size >= 1000) return 0;
  return Math.min(6, Math.max(0, SIGNIFICANT - 1 - Math.floor(Math.log10(size))));
}

/** A value of a parameter as people read it: a number, words, or a dash where there is none. */
export function formatValue(value, { digits, boolean, flags, clock, words = {} }) {
  if (value === null || value === "") return "\u2014";
  if (clock && typeof value === "string") return formatMoment(value);
  if (typeof value === "string") return formatWords(value, flags, words);
  if (boolean) return value ? _("yes") : _("no");
  return formatNumber(value, digits);
}

/** Words of a definition in the page's language; flags are several, with commas between. */
function formatWords(value, flags, words) {
  const said = (word) => words[word] ?? unnamed(word);
  return flags ? value.split(",").map(said).join(", ") : said(value);
}

/** What has no word in the definition; the same as groundstation/words/values.py. */
function unnamed(word) {
  const [, unknown] = /^unknown \((-?\d+)\)$/.exec(word) ?? [];
  if (unknown !== undefined) return _("unknown (%(n)s)", { n: unknown.replace("-", "\u2212") });
  const [, bit] = /^bit (\d+)$/.exec(word) ?? [];
  return bit === undefined ? word : _("bit %(n)s", { n: bit });
}

/** A moment in UTC, by the rule of `Language.moment` in groundstation/words/language.py. */
export function formatMoment(text) {
  const [found, date, time] = /^(\d+-\d\d-\d\d)T([\d:.]+)Z$/.exec(text) ?? [];
  if (!found) return text;
  const fraction = (found, digits) => decimalMark + digits;
  return `${formatDate(date)} ${time.replace(/\.(\d*[1-9])0*$/, fraction)} UTC`;
}

/** A date such as 2026-08-22 as the language writes it; with `dayPattern` without its year. */
export function formatDate(text, pattern = datePattern) {
  const [year, month, day] = text.split("-").map(Number);
  const parts = { y: String(year), MMM: months[month - 1], d: String(day) };
  return pattern.replace(/'([^']*)'|MMM|y|d/g, (part, quoted) => quoted ?? parts[part]);
}

/** A raw value as the bits say it; numbers by the rule of `Language.exact` in groundstation/words/language.py. */
export function formatRaw(raw) {
  if (raw === null) return "\u2014";
  if (typeof raw !== "number") return raw;
  if (Number.isInteger(raw)) return formatNumber(raw, 0);
  const [mantissa, power] = raw.toExponential(RAW_DIGITS - 1).split("e").map(Number);
  const short = power < -4 || power >= RAW_DIGITS;
  const number = short ? mantissa : Number(raw.toPrecision(RAW_DIGITS));
  const text = formatNumber(number, String(number).split(".")[1]?.length ?? 0);
  return short ? `${text} × 10${raised(power)}` : text;
}

function raised(power) {
  return [...String(power)].map((char) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(char)]).join("");
}

/** 7 s, 12 min, 3 h, 5 d: the largest whole unit. */
export function formatSpan(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 100) return _("%(n)s s", { n: s });
  if (s < 6000) return _("%(n)s min", { n: Math.floor(s / 60) });
  if (s < 172_800) return _("%(n)s h", { n: Math.floor(s / 3600) });
  return _("%(n)s d", { n: Math.floor(s / 86_400) });
}

/** "7 s ago". */
export function formatAge(seconds) {
  return _("%(span)s ago", { span: formatSpan(seconds) });
}

/** 1:02:03, 02:03: for countdowns. */
export function formatCountdown(seconds) {
  const s = Math.max(0, Math.ceil(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${rest}` : rest;
}

const COMPASS = () => [
  _("north"),
  _("north-east"),
  _("east"),
  _("south-east"),
  _("south"),
  _("south-west"),
  _("west"),
  _("north-west"),
];

/** The direction of an azimuth in words. */
export function compass(azimuthDeg) {
  return COMPASS()[Math.round(azimuthDeg / 45) % 8];
}
