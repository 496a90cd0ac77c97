/** Names similar to `name`: equal except for case or two letters, or with the same last part; nearest first. */
export function similarNames(name: string, existing: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  const near = existing.flatMap((each) => {
    const distance = distanceOf(wanted, each.toLowerCase());
    return distance <= Math.min(2, wanted.length - 1) ? [{ each, distance }] : [];
  });
  return near.sort((a, b) => a.distance - b.distance).map(({ each }) => each);
}

function distanceOf(wanted: string, other: string): number {
  if (wanted === other) return 0;
  if (wanted.split('/').at(-1) === other.split('/').at(-1)) return 1;
  return Math.abs(wanted.length - other.length) > 2 ? Number.POSITIVE_INFINITY : editDistance(wanted, other);
}

/** How many letters must be inserted, removed or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
