// Where a line through readings has to break: between two passes nobody knows what a value was.

/** A silence of so many usual steps is a gap, if it is longer than a minute. */
const GAP_STEPS = 8;
const LEAST_S = 60;
/** No pass of a low orbit is silent for so long within itself. */
const MOST_S = 1200;

/** The longest step, seconds, over which a line may be drawn; `times` are seconds, ascending. */
export function longestStep(times) {
  const steps = times.slice(1).map((time, index) => time - times[index]);
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  // What comes every half hour or so has no passes: its own step decides.
  const most = usual > MOST_S / 2 ? 2.5 * usual : MOST_S;
  return Math.min(Math.max(usual * GAP_STEPS, LEAST_S), most);
}

/** Points (seconds, value) as runs without a gap. */
export function runs(points) {
  const longest = longestStep(points.map(([time]) => time));
  const found = [];
  let before = -Infinity;
  for (const point of points) {
    if (point[0] - before > longest) found.push([]);
    found.at(-1).push(point);
    before = point[0];
  }
  return found;
}
