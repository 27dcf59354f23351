// The words of the page's language, as the server put them into the page.

const catalogue = JSON.parse(document.getElementById("words").textContent);

export const language = catalogue.language;
export const decimalMark = catalogue.decimal;
export const groupMark = catalogue.group;

/** The message in the page's language, with %(name)s replaced from `values`. */
export function gettext(message, values = {}) {
  const text = catalogue.messages[message] || message;
  return text.replace(/%\((\w+)\)s/g, (found, name) => values[name] ?? found);
}
