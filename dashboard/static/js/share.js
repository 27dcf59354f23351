// How many live pages are open, for whoever waits until all are there.

import "./site.js";

const LOOK_MS = 3000;
const shown = document.getElementById("listening");

async function look() {
  try {
    const answer = await fetch("/api/v1/share");
    if (answer.ok) shown.textContent = String((await answer.json()).listening);
  } catch {
    // The dashboard is away; the strip says so.
  }
}

if (shown) setInterval(look, LOOK_MS);
