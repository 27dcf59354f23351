// A board: all of its tiles live; where it turns to another satellite, it is loaded again.

import "./site.js";
import { nowMs } from "./clock.js";
import { page } from "./page.js";
import { showTiles } from "./tiles.js";

const LOOK_MS = 5000;

showTiles(document.getElementById("board"), new AbortController().signal);

/** Somebody who arranges it is not disturbed. */
const arranged = document.querySelector(".edits") !== null;
if (page.until && !arranged) {
  setInterval(() => nowMs() > Date.parse(page.until) && location.reload(), LOOK_MS);
}
