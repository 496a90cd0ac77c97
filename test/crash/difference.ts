/** The lines of two values, as indented JSON, that only one of them has; `-` for the first, `+` for the second. */
export function formatDifference(expected: unknown, actual: unknown): string {
  const [first, second] = [linesOf(expected), linesOf(actual)];
  const missing = first.filter((line) => !second.includes(line)).map((line) => `- ${line}`);
  const added = second.filter((line) => !first.includes(line)).map((line) => `+ ${line}`);
  return [...missing, ...added].join('\n');
}

/** Each value on a line of its own, with the path to it. */
function linesOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([field, inner]) => linesOf(inner, `${path}/${field}`));
}
