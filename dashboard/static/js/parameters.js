// The parameters of a satellite: their newest values live, and how one of many is found.

import { nowMs } from "./clock.js";
import { formatAge, formatRaw, formatValue } from "./format.js";
import { page } from "./page.js";
import { showState } from "./states.js";
import { gettext as _ } from "./words.js";

/** By name: its row in the table. */
export const rows = new Map();
for (const element of document.querySelectorAll("tr[data-parameter]")) {
  rows.set(element.dataset.parameter, element);
}
const groups = [...document.querySelectorAll(".parameters")];
const open = new Map(groups.map((group) => [group, group.open]));
const find = document.getElementById("find");
const found = document.getElementById("found");

/** Show the values of a frame. */
export function showValues(frame) {
  for (const [name, reading] of Object.entries(frame.values)) {
    const row = rows.get(name);
    if (row) showReading(row, reading, frame, page.parameters[name]);
  }
}

function showReading(row, reading, frame, parameter) {
  row.querySelector("[data-value]").textContent = formatValue(reading.value, parameter);
  row.querySelector("[data-raw]").textContent = formatRaw(reading.raw);
  row.querySelector("[data-age]").dataset.time = frame.received;
  const state = row.querySelector("[data-state]");
  if (state.dataset.state !== reading.state) showState(state, reading.state);
}

function showAges() {
  for (const row of rows.values()) {
    const age = row.querySelector("[data-age]");
    if (age.dataset.time) age.textContent = formatAge((nowMs() - Date.parse(age.dataset.time)) / 1000);
  }
}

/** Only rows that have all words of `text` in their label, name or group. */
function search(text) {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const group of groups) {
    const of = group.querySelector("h2").textContent;
    let here = 0;
    for (const row of group.querySelectorAll("tr[data-parameter]")) {
      const said = `${row.querySelector("th").textContent} ${row.dataset.parameter} ${of}`.toLocaleLowerCase();
      row.hidden = !words.every((word) => said.includes(word));
      here += row.hidden ? 0 : 1;
    }
    group.hidden = !here;
    group.open = words.length ? true : open.get(group);
    for (const further of group.querySelectorAll(".further")) further.open = words.length > 0;
    count += here;
  }
  found.textContent = _("%(count)s parameters", { count });
}

/** Follow the live values, the search field and the links to groups. */
export function followParameters() {
  showAges();
  setInterval(showAges, 1000);
  find.addEventListener("input", () => search(find.value));
  document.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-jump]");
    if (jump) document.querySelector(jump.getAttribute("href")).open = true;
  });
}
