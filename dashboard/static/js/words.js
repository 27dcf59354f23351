// The words of the page's language, as the server put them into the page.

const catalogue = JSON.parse(document.getElementById("words").textContent);

export const language = catalogue.language;
export const decimalMark = catalogue.decimal;
export const groupMark = catalogue.group;
/** A date as CLDR writes it, such as "d MMM y", the same without the year, and what stands for MMM. */
export const datePattern = catalogue.date;
export const dayPattern = catalogue.day;
export const months = catalogue.months;
/** [English, translated] of what the station says in English; see reasons.js. */
export const reasons = catalogue.reasons;

/** A unit as the language writes it: "мА" for "mA". */
export function unitText(unit) {
  return catalogue.units[unit] ?? unit;
}

/** The message in the page's language, with %(name)s replaced from `values`. */
export function gettext(message, values = {}) {
  return filled(catalogue.messages[message] || message, values);
}

/** The same for a message that means, or is inflected, differently elsewhere. */
export function pgettext(context, message, values = {}) {
  return filled(catalogue.messages[`${context}\u0004${message}`] || message, values);
}

function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (found, name) => values[name] ?? found);
}
