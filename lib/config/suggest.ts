/** The known word that was probably meant: one that begins alike, or differs in at most a third of its letters. */
export function suggest(written: string, known: readonly string[]): string | undefined {
  const lower = written.slice(0, 100).toLowerCase();
  const ranked = known
    .map((word) => ({ word, distance: distance(lower, word.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [nearest] = ranked.filter(({ word, distance: far }) => far <= Math.floor(word.length / 3));
  const alike = known.find((word) => word.length > 2 && lower.startsWith(word.toLowerCase()));
  return nearest?.word ?? alike;
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
