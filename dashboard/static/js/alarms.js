// The page of alarms: it is brought up to date when an alarm comes, goes or was seen.

import "./site.js";
import { live } from "./live.js";

let told = null;

/** Somebody who writes into a form is not disturbed. */
function inUse(part) {
  return part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
}

async function renew() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = document.getElementById("alarms");
  const next = fresh.getElementById("alarms");
  if (next && !inUse(part)) part.replaceWith(document.adoptNode(next));
}

live.addEventListener("status", ({ detail: status }) => {
  const now = JSON.stringify(status.alarms);
  if (told !== null && told !== now) renew();
  told = now;
});
