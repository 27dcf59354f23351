// The wall: one screen after the other, the satellite whose pass is on, awake during passes;
// what a teacher shows on all screens comes before them.

import { nowMs, timeOfDay } from "./clock.js";
import { listen, live } from "./live.js";
import { icon, make, page } from "./page.js";
import { showTiles } from "./tiles.js";
import { leaveWall } from "./wall.js";
import { gettext as _ } from "./words.js";

const LOOK_MS = 1000;
const script = scriptOf(document);

let running = new AbortController();
let since = performance.now();
let asking = false;
let lock = null;
let wishing = false;
let broken = false;

function scriptOf(html) {
  return html.querySelector('script[type="module"]')?.getAttribute("src");
}

/** The address of the next screen; what stands in this one's address stays. */
function address(at) {
  const query = new URLSearchParams(location.search);
  query.set("at", at);
  return `${location.pathname}?${query}`;
}

/** Put another screen in the place of this one. Whatever goes wrong, this one stays. */
async function turn(at) {
  if (asking) return;
  asking = true;
  since = performance.now();
  try {
    const answer = await fetch(address(at));
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (scriptOf(fresh) !== script) location.reload(); // another release
    const next = fresh.getElementById("content");
    const data = fresh.getElementById("page");
    if (!next || !data) return;
    running.abort();
    running = new AbortController();
    Object.assign(page, JSON.parse(data.textContent));
    document.title = fresh.title;
    document.body.dataset.simulated = fresh.body.dataset.simulated ?? "";
    document.getElementById("content").replaceWith(document.adoptNode(next));
    showTiles(next, running.signal);
  } catch {
    // The dashboard is away; the line says so.
  } finally {
    asking = false;
  }
}

function isAwake() {
  const { until, from } = page.awake;
  const now = nowMs();
  return (until !== null && now < Date.parse(until)) || (from !== null && now >= Date.parse(from));
}

/**
 * Keep the screen from going dark during a pass, and a minute before; browsers give it to pages of
 * this very computer and to encrypted ones only.
 */
async function stayAwake() {
  const wished = isAwake() && !document.hidden;
  document.documentElement.toggleAttribute("data-awake", wished);
  if (!wished && lock) {
    lock.release();
    lock = null;
  } else if (wished && !lock && !wishing && navigator.wakeLock) {
    wishing = true;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => (lock = null));
    } catch {
      // A battery that is low, say: asked again in a second.
    }
    wishing = false;
  }
}

function look() {
  document.getElementById("local-time").textContent = timeOfDay(nowMs());
  stayAwake();
  const turned = page.until && nowMs() > Date.parse(page.until);
  if (turned) turn(0);
  else if (performance.now() - since > page.every * 1000) turn(page.next);
}

function showLine(state, words) {
  const line = document.getElementById("line");
  line.className = `state ${state}`;
  line.replaceChildren(icon(state), make("span", {}, words));
}

showTiles(document.getElementById("board"), running.signal);
live.addEventListener("line", ({ detail }) => {
  if (detail && broken) turn(page.next);
  else if (!detail) showLine("waiting", _("No connection to the station: trying again"));
  broken = !detail;
});
live.addEventListener("status", ({ detail: { spotlight } }) => {
  if (spotlight) leaveWall(spotlight);
});
if (page.spotlight) leaveWall(page.spotlight);
setInterval(look, LOOK_MS);
look();
listen();
