// Why something is not as it should be, in the page's language: as groundstation/words/reasons.py has it.

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

/** What stands for another reason inside of one. */
const INNER = ["reason", "detail"];

/** The reason in the page's language, or as it is where it is not known. */
export function reasonText(reason) {
  for (const { pattern, names, translated } of KNOWN) {
    const found = pattern.exec(reason);
    if (!found) continue;
    return translated.replace(/%\((\w+)\)s/g, (_, name) => {
      const value = found[names.indexOf(name) + 1];
      return INNER.includes(name) ? reasonText(value) : value;
    });
  }
  const at = reason.indexOf(": ");
  return at < 0 ? reason : reason.slice(0, at + 2) + reasonText(reason.slice(at + 2));
}
