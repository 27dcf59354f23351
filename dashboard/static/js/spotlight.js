// What a teacher shows on all screens: pupils' pages go there, once for each time it is shown, and
// the wall until it is over.

import { live } from "./live.js";
import { page } from "./page.js";
import { isWall, keepAwake, returnToWall } from "./wall.js";
import { gettext as _ } from "./words.js";

const FOLLOWED = "spotlight";
const isShownHere = page.spotlight ? isHere(page.spotlight.path) : false;
let shown = page.spotlight?.id ?? null;

function isHere(path) {
  const there = new URL(path, location.href);
  if (there.pathname !== location.pathname) return false;
  const mine = new URLSearchParams(location.search);
  return [...there.searchParams].every(([name, value]) => mine.get(name) === value);
}

function follow(spotlight) {
  if (!page.follows || sessionStorage.getItem(FOLLOWED) === String(spotlight.id)) return false;
  sessionStorage.setItem(FOLLOWED, spotlight.id);
  if (isHere(spotlight.path)) return false;
  location.assign(spotlight.path);
  return true;
}

/** How many pupils have the page open, and what they answered where it asks something. */
function showPupils({ opened, answered, right }) {
  const place = document.getElementById("answered");
  if (!place) return;
  place.hidden = page.follows && opened === 0;
  place.textContent = "asks" in place.closest(".spotlight").dataset
    ? _("%(answered)s of %(opened)s have answered, right: %(right)s", { answered, opened, right })
    : _("have it open: %(opened)s", { opened });
}

/** Somebody who writes into a form is not disturbed. */
function isBusy() {
  return document.activeElement?.matches("input, select, textarea");
}

live.addEventListener("status", ({ detail: { spotlight } }) => {
  const id = spotlight?.id ?? null;
  if (isWall && isShownHere && id !== shown) {
    returnToWall();
    return;
  }
  if (spotlight && follow(spotlight)) return;
  if (id !== shown && !isBusy()) location.reload();
  else if (spotlight) showPupils(spotlight);
});

if (isWall && isShownHere) keepAwake();
else if (page.spotlight) follow(page.spotlight);
