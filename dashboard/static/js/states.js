// Words for states of values and of frames.

import { icon, make } from "./page.js";
import { gettext as _ } from "./words.js";

const STATES = {
  nominal: () => _("nominal"),
  warning: () => _("warning"),
  critical: () => _("critical"),
  invalid: () => _("invalid"),
  stale: () => _("stale"),
};

const STATUSES = {
  decoded: () => _("decoded"),
  damaged: () => _("damaged"),
  unknown: () => _("unknown"),
  undecoded: () => _("not decoded"),
  waiting: () => _("being interpreted"),
};

/** nominal, warning, critical, invalid or stale in the page's language. */
export function stateWord(state) {
  return STATES[state]();
}

/** Shows a state as a shape and a word; a value that nobody judges (unlimited) goes without. */
export function showState(element, state) {
  element.dataset.state = state;
  element.className = `state ${state}`;
  element.replaceChildren(...(state === "unlimited" ? [] : [icon(state), make("span", {}, stateWord(state))]));
}

/** decoded, damaged, unknown or undecoded in the page's language. */
export function statusWord(status) {
  return STATUSES[status]();
}
