// A window that is the wall shows what a teacher shows on all screens for as long as it is shown.

const KEY = "wall";
/** Its address, where this window is the wall; else null. */
const wall = sessionStorage.getItem(KEY);

export const isWall = wall !== null;

/** From the wall to the page that is shown, in large type. */
export function leaveWall({ path }) {
  sessionStorage.setItem(KEY, location.href);
  const there = new URL(path, location.href);
  there.searchParams.set("projector", 1);
  location.assign(there);
}

/** Back to the wall, which leaves again where something else is shown by then. */
export function returnToWall() {
  location.assign(wall);
}

/** Screens that show something do not go dark, where browsers allow that to be asked for. */
export async function keepAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // A battery that is low, say.
  }
}
