// What a satellite does, in a sentence and on a map, asked of the server from time to time and when
// a value's state, sign or word changes.

import { live } from "./live.js";
import { getJson } from "./page.js";
import { language } from "./words.js";

const EVERY_MS = 15_000;
/** After a change of state: the server's answer is kept for two seconds. */
const SOON_MS = 2500;

function line(points, close) {
  return `M${points.map(([lon, lat]) => `${lon} ${lat}`).join(" ")}${close}`;
}

function showWhere(world, where) {
  if (!world || !where) return;
  for (const path of world.querySelectorAll("[data-line]")) {
    const close = path.dataset.line === "seen" ? "Z" : "";
    path.setAttribute("d", where[path.dataset.line].map((points) => line(points, close)).join(""));
  }
  const here = world.querySelector("[data-here]");
  here.setAttribute("transform", `translate(${where.longitude_deg} ${where.latitude_deg})`);
  const light = { true: "lit", false: "dark" }[where.sunlit] ?? "";
  here.setAttribute("class", `satellite ${light}`);
}

/** Keep the element `sentence` and the map `world` of a satellite true until `signal`. */
export function followStory({ satellite, sentence = null, world = null, signal = null }) {
  const states = new Map();
  let due = null;

  async function tell() {
    clearTimeout(due);
    due = setTimeout(tell, EVERY_MS);
    if (document.hidden) return;
    try {
      const now = await getJson(`/api/v1/satellites/${satellite}/now?lang=${language}`);
      if (sentence && sentence.textContent !== now.sentence) sentence.textContent = now.sentence;
      showWhere(world, now.where);
    } catch {
      // The strip above says that the line is broken; the next answer mends the sentence.
    }
  }

  function onFrame(frame) {
    if (frame.satellite !== satellite) return;
    let changed = false;
    for (const [name, { state, value }] of Object.entries(frame.values)) {
      // A battery that stops charging may be nominal before and after: its current has another
      // sign, its mode or flag another word.
      const told = `${state} ${typeof value === "string" ? value : Math.sign(value)}`;
      changed ||= states.get(name) !== told;
      states.set(name, told);
    }
    if (!changed) return;
    clearTimeout(due);
    due = setTimeout(tell, SOON_MS);
  }

  due = setTimeout(tell, EVERY_MS);
  const until = signal ? { signal } : {};
  live.addEventListener("frame", (event) => onFrame(event.detail), until);
  document.addEventListener("visibilitychange", () => document.hidden || tell(), until);
  signal?.addEventListener("abort", () => clearTimeout(due));
}
