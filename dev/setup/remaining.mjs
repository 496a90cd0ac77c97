// How long a build goes on, from how fast it has gone so far.

/** Too few packages tell nothing of the rate. */
const FEWEST = 20;

/** `600 of about 2600 packages, about 4 min left`, for so many compiled packages after so many milliseconds. */
export function remaining(compiled, total, elapsedMs) {
  const done = `${compiled} of about ${Math.max(compiled, total)} packages`;
  if (compiled < FEWEST || compiled >= total) return done;
  const minutes = (elapsedMs * (total - compiled)) / compiled / 60_000;
  return `${done}, ${minutes < 1 ? 'less than a minute' : `about ${Math.round(minutes)} min`} left`;
}
