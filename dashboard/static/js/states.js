// Words for states of values and of frames.

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
};

/** nominal, warning, critical, invalid or stale in the page's language. */
export function stateWord(state) {
  return STATES[state]();
}

/** decoded, damaged, unknown or undecoded in the page's language. */
export function statusWord(status) {
  return STATUSES[status]();
}
