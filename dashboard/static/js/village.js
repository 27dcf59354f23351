// My village: this browser alone remembers it, as the address of a page names it.

const KEPT = "place";
const NAMES = ["of", "latitude", "longitude"];

/** Of an address, what names a place; empty: nothing does. */
function named() {
  const query = new URLSearchParams(location.search);
  return new URLSearchParams([...query].filter(([name]) => NAMES.includes(name))).toString();
}

/** The place of this page is mine from now on. */
export function rememberPlace() {
  localStorage.setItem(KEPT, named());
}

/** Mine no more. */
export function forgetPlace() {
  localStorage.removeItem(KEPT);
}

/** Go to the same page for my village, where its address names no place. */
export function goToMine() {
  const kept = localStorage.getItem(KEPT);
  if (!kept || named()) return;
  const query = new URLSearchParams(location.search);
  query.delete("pass"); // each place has its own
  location.replace(`${location.pathname}?${kept}${query.size ? `&${query}` : ""}`);
}
