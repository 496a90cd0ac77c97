/** One measured number. `wanted` is an upper bound; figures without one are there to explain the others. */
export type Figure = {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: 's' | 'MB' | 'x' | 'requests' | 'operations' | '1/s';
  readonly wanted?: number;
};

/** Makes the figures of one bench, rounded to four digits. */
export function figuresOf(
  bench: string,
): (metric: string, value: number, rest: Pick<Figure, 'unit' | 'wanted'>) => Figure {
  return (metric, value, rest) => ({ bench, metric, value: Number(value.toPrecision(4)), ...rest });
}

/** The smallest value that this share of the values, in percent, does not exceed (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** A Markdown table with one row for each figure; what is above its bound says so. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ bench, metric, value, unit, wanted }) => [
    bench,
    metric,
    `${value} ${unit}`,
    wanted === undefined ? '' : `≤ ${wanted} ${unit}`,
    wanted === undefined || value <= wanted ? '' : 'not reached',
  ]);
  const all = [['bench', 'metric', 'value', 'wanted', ''], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(3, ...all.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
