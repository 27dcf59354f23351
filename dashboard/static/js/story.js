// The sentence on the first page and the map beside it, asked of the server from time to time and
// when a value's state, sign or word changes.

import { live } from "./live.js";
import { getJson, page } from "./page.js";
import { language } from "./words.js";

const EVERY_MS = 15_000;
/** After a change of state: the server's answer is kept for two seconds. */
const SOON_MS = 2500;

const sentence = document.getElementById("story");
const world = document.getElementById("world");
const states = new Map();
let due = null;

function line(points, close) {
  return `M${points.map(([lon, lat]) => `${lon} ${lat}`).join(" ")}${close}`;
}

function showWhere(where) {
  if (!world || !where) return;
  for (const path of world.querySelectorAll("[data-line]")) {
    const close = path.dataset.line === "seen" ? "Z" : "";
    path.setAttribute("d", where[path.dataset.line].map((points) => line(points, close)).join(""));
  }
  const here = document.getElementById("here");
  here.setAttribute("transform", `translate(${where.longitude_deg} ${where.latitude_deg})`);
  const light = { true: "lit", false: "dark" }[where.sunlit] ?? "";
  here.setAttribute("class", `satellite ${light}`);
}

async function tell() {
  clearTimeout(due);
  due = setTimeout(tell, EVERY_MS);
  if (document.hidden) return;
  try {
    const now = await getJson(`/api/v1/satellites/${page.satellite}/now?lang=${language}`);
    if (sentence.textContent !== now.sentence) sentence.textContent = now.sentence;
    showWhere(now.where);
  } catch {
    // The strip above says that the line is broken; the next answer mends the sentence.
  }
}

function onFrame(frame) {
  if (frame.satellite !== page.satellite) return;
  let changed = false;
  for (const [name, { state, value }] of Object.entries(frame.values)) {
    // A battery that stops charging may be nominal before and after: its current has another sign,
    // its mode or flag another word.
    const told = `${state} ${typeof value === "string" ? value : Math.sign(value)}`;
    changed ||= states.get(name) !== told;
    states.set(name, told);
  }
  if (!changed) return;
  clearTimeout(due);
  due = setTimeout(tell, SOON_MS);
}

/** Keep the sentence and the map true. */
export function followStory() {
  if (!page.satellite) return;
  due = setTimeout(tell, EVERY_MS);
  live.addEventListener("frame", (event) => onFrame(event.detail));
  document.addEventListener("visibilitychange", () => document.hidden || tell());
}
