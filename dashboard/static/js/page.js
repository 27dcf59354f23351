// What the server tells the scripts of this page, and small ways to build it.

const element = document.getElementById("page");

export const page = element ? JSON.parse(element.textContent) : {};

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children (nodes or texts); null children are left out. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function makeSvg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** One of the shapes of icons.svg. */
export function icon(name) {
  const use = makeSvg("use", { href: `${document.body.dataset.icons}#${name}` });
  return makeSvg("svg", { class: "icon", "aria-hidden": "true" }, use);
}

/** JSON of this server; an error's sentence becomes the message of what is thrown. */
export async function getJson(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" } });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}
