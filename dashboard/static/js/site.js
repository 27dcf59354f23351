// What every page does: follow the station, keep its clock, switch theme and size.

import { nowMs, timeOfDay } from "./clock.js";
import { listen, live } from "./live.js";
import { icon, make, page } from "./page.js";
import { reasonText } from "./reasons.js";
import "./spotlight.js";
import { gettext as _ } from "./words.js";

const root = document.documentElement;
const YEAR_S = 31_536_000;

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

function switchTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
  root.dataset.theme = theme;
  document.getElementById("dark").media = theme === "dark" ? "all" : "not all";
  remember("theme", theme);
  document.dispatchEvent(new Event("themechange"));
}

function switchProjector() {
  const on = root.toggleAttribute("data-projector");
  this.setAttribute("aria-pressed", on);
  remember("projector", on ? 1 : 0);
  dispatchEvent(new Event("resize"));
}

function showLine(state, words) {
  const line = document.getElementById("line");
  if (line.dataset.words === words) return;
  line.dataset.words = words;
  line.className = `state ${state}`;
  line.replaceChildren(icon(state), make("span", {}, words));
}

function showStatus(status) {
  if (status.journal && !page.journal) location.reload();
  const [state, words] = status.line;
  showLine(state, words in LINES ? LINES[words]() : words);
  document.getElementById("clock-kind").textContent = CLOCKS[status.clock]();
  showAlarms(status.alarms);
  const notices = status.notices.map(([kind, name, detail]) => {
    const link = LINKS[name];
    const words = make(link ? "a" : "span", { href: link }, NOTICES[name](reasonText(detail)));
    return make("p", { class: `notice ${kind}` }, icon(kind), words);
  });
  const box = document.getElementById("notices");
  const text = notices.map((notice) => notice.textContent).join();
  if (box.dataset.text !== text) box.replaceChildren(...notices);
  box.dataset.text = text;
}

/** Where a notice leads. */
const LINKS = { alarms: "/alarms" };
const title = document.title.replace(/^\(\d+\) /, "");
const mark = document.querySelector('link[rel="icon"]');
const plainMark = mark.href;

/** How many alarms are active: in the title of the tab, and red in its picture. */
function showAlarms({ active }) {
  document.title = active ? `(${active}) ${title}` : title;
  mark.href = active ? numberMark(active) : plainMark;
}

function numberMark(count) {
  const text = count > 99 ? "99" : String(count);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#b42318"/>' +
    `<text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="20" fill="#fff">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const LINES = {
  receiving: () => _("Receiving"),
  connected: () => _("Connected, waiting for a signal"),
  waiting: () => _("Waiting for the radio"),
  ended: () => _("The recording has ended"),
  stopped: () => _("The station is not running"),
  none: () => _("No radio is configured"),
};

/** What stands beside the clock. */
const CLOCKS = {
  real: () => "",
  simulated: () => _("simulated time"),
  recorded: () => _("time of the recording"),
};

const NOTICES = {
  stopped: () => _("The station is not running: what you see is from its last run."),
  no_journal: () => _("Nothing was received yet: waiting for the station to start its journal."),
  alarms: (count) => _("Alarms that nobody has seen: %(count)s", { count }),
  journal: (detail) => _("Frames cannot be stored: %(detail)s", { detail }),
  link: (detail) => _("A radio does not answer: %(detail)s", { detail }),
  damage: (detail) => _("What this radio brings is mostly damaged: %(detail)s", { detail }),
  follower: (detail) => _("Values are stored later: %(detail)s", { detail }),
  antenna: (detail) => _("Antenna or radio: %(detail)s", { detail }),
  clock: () => _("This computer's clock seems wrong: set it, or times and passes are wrong."),
};

document.getElementById("theme").addEventListener("click", switchTheme);
document.getElementById("projector").addEventListener("click", switchProjector);
if (page.alarms) showAlarms({ active: page.alarms });
live.addEventListener("status", (event) => showStatus(event.detail));
live.addEventListener("frame", ({ detail }) => {
  if (!detail.simulated && !detail.imported) delete document.body.dataset.simulated; // not all of it
});
live.addEventListener("line", (event) => {
  if (!event.detail) showLine("waiting", _("No connection to the station: trying again"));
});
setInterval(() => {
  document.getElementById("local-time").textContent = timeOfDay(nowMs());
  document.getElementById("utc-time").textContent = timeOfDay(nowMs(), "UTC");
}, 500);
listen();
