// Why something is not as it should be, in the page's language: as dashboard/show/reasons.py has it.

import { reasons } from "./words.js";

const KNOWN = reasons.map(([english, translated]) => {
  const names = [];
  const parts = english.split(/%\((\w+)\)s/);
  const pattern = parts
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      names.push(part);
      return "(.+)";
    })
    .join("");
  return { pattern: new RegExp(`^${pattern}$`), names, translated };
});

/** The reason in the page's language, or as it is where it is not known. */
export function reasonText(reason) {
  for (const { pattern, names, translated } of KNOWN) {
    const found = pattern.exec(reason);
    if (found) return translated.replace(/%\((\w+)\)s/g, (_, name) => found[names.indexOf(name) + 1]);
  }
  return reason;
}
