// News from the station: one stream for the page, resumed after the last frame that was seen.

import { getJson, page } from "./page.js";
import { setClock } from "./clock.js";

const STREAM = "/api/v1/live";
const NEWS = "/api/v1/news";
const POLL_MS = 2000;
const RETRY_MS = 30_000;
/** After so long out of sight, a page is loaded anew instead of catching up. */
const FORGET_MS = 600_000;

/** Tells of "frame", "status", "snapshot" (detail: the record) and "line" (detail: online). */
export const live = new EventTarget();

let source = null;
let timer = null;
let lastSeq = page.seq ?? null;
let hiddenSince = null;

function tell(type, detail) {
  live.dispatchEvent(new CustomEvent(type, { detail }));
}

function onFrame(record) {
  if (lastSeq !== null && record.seq <= lastSeq) return;
  lastSeq = record.seq;
  tell("frame", record);
}

function onStatus(status) {
  setClock(status.now, status.speed);
  tell("status", status);
}

function onSnapshot(snapshot) {
  onStatus(snapshot.status);
  if (lastSeq !== null && snapshot.seq < lastSeq) location.reload(); // another journal
  lastSeq ??= snapshot.seq;
  tell("snapshot", snapshot);
}

function open() {
  const after = lastSeq === null ? "" : `?last_event_id=${lastSeq}`;
  source = new EventSource(STREAM + after);
  source.onopen = () => tell("line", true);
  source.addEventListener("frame", (event) => onFrame(JSON.parse(event.data)));
  source.addEventListener("status", (event) => onStatus(JSON.parse(event.data)));
  source.addEventListener("snapshot", (event) => onSnapshot(JSON.parse(event.data)));
  source.onerror = () => {
    tell("line", false);
    // The browser itself tries again after a broken line, but gives up when it is refused.
    if (source.readyState === EventSource.CLOSED) poll(performance.now() + RETRY_MS);
  };
}

async function poll(until) {
  close();
  try {
    const news = await getJson(`${NEWS}?after=${lastSeq ?? ""}`);
    onStatus(news.status);
    news.frames.forEach(onFrame);
    lastSeq ??= news.seq;
    tell("line", true);
  } catch {
    tell("line", false);
  }
  if (document.hidden) return;
  timer = setTimeout(() => (performance.now() < until ? poll(until) : open()), POLL_MS);
}

function close() {
  source?.close();
  source = null;
  clearTimeout(timer);
}

/** Start listening. A page out of sight lets its line go: a browser has six for one server. */
export function listen() {
  open();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hiddenSince = Date.now();
      close();
    } else if (Date.now() - hiddenSince > FORGET_MS) {
      location.reload();
    } else {
      close();
      open();
    }
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
}
