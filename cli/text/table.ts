/** Longest line that is printed where it can be helped. */
const WIDTH = 100;

const GAP = '  ';

/** Rows below a header, in columns as wide as their longest cell; the last column is cut where the line would become too long. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const room = Math.max(WIDTH - before, header.at(-1)?.length ?? 0, 20);
  const format = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cut(cell, room) : cell.padEnd(widths[column] ?? 0)))
      .join(GAP)
      .trimEnd();
  return [header, ...rows].map(format).join('\n');
}

/** A text on one line. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

/** A text on one line, of at most so many characters. */
export function cut(text: string, length: number): string {
  const line = onOneLine(text);
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** How long ago something was: `12s`, `3m`, `5h`, `2d`. */
export function ago(at: string, now: number): string {
  return duration(Math.max(0, now - Date.parse(at)));
}

/** A time in the largest unit that says enough: `12s`, `3m`, `5h`, `2d`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)}m`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)}h` : `${Math.round(seconds / 86_400)}d`;
}

/** The first seven digits of a commit. */
export function shortRevision(revision: string | undefined): string {
  return revision?.slice(0, 7) ?? '-';
}
