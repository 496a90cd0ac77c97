import { EXIT, type Format, print } from '../../text/output.ts';
import { duration, formatTable } from '../../text/table.ts';
import { type Cost, costOf, modelledScanSeconds, PURPOSES, type Purpose, type Workload } from './model.ts';
import { PRICES } from './prices.ts';
import { ASSUMED } from './usage.ts';

export type CostOptions = {
  readonly apps: number;
  readonly pushes: number;
  /** Milliseconds. */
  readonly scan: number;
  readonly scanSeconds?: number;
  readonly objects?: number;
  readonly clusters: number;
  readonly region: string;
  readonly output: Format;
};

const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  scan: 'scans for drift',
  sweep: 'sweeps',
  deploy: 'deployments',
  standing: 'standing by',
};

/** `cost`: what a month costs at list prices, and what others cost. */
export function cost({ output, ...options }: CostOptions): number {
  const { apps, pushes, clusters, scanSeconds } = options;
  const workload: Workload = {
    apps,
    pushes,
    clusters,
    objects: options.objects ?? apps * ASSUMED.objectsPerApplication,
    scanEverySeconds: options.scan / 1000,
    ...(scanSeconds !== undefined && { scanSeconds }),
  };
  const found = costOf(workload);
  const { region, date } = PRICES;
  print(output, { prices: { region, date, currency: 'USD' }, workload, ...found }, () => textOf(workload, found));
  return EXIT.ok;
}

function textOf(workload: Workload, { items, subtotals, total, alternatives }: Cost): string {
  const rows = PURPOSES.flatMap((purpose) => [
    [PURPOSE_WORDS[purpose], '', '', dollars(subtotals[purpose])],
    ...items
      .filter((item) => item.purpose === purpose)
      .map(({ what, quantity, unitPrice, usd }) => [`  ${what}`, rounded(quantity), each(unitPrice), dollars(usd)]),
  ]);
  const beside = alternatives.map(({ name, usd }) => [name, '', '', dollars(usd)]);
  const all = [...rows, ['Driftless', '', '', dollars(total)], ...beside];
  return `${headline(workload)}\n\n${aligned(['A MONTH', 'QUANTITY', 'USD EACH', 'USD'], all)}`;
}

function headline(workload: Workload): string {
  const { apps, objects, clusters, pushes, scanEverySeconds, scanSeconds = modelledScanSeconds(workload) } = workload;
  const what = `${apps} applications, ${objects} objects, ${clusters} ${clusters === 1 ? 'cluster' : 'clusters'}`;
  const every = duration(scanEverySeconds * 1000);
  return `${what}; ${pushes} deployments a day; a scan of ${rounded(scanSeconds)} s every ${every}
list prices of ${PRICES.region}, ${PRICES.date}, without free tiers`;
}

/** Numbers stand below each other. */
function aligned(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const right = (row: readonly string[]): readonly string[] =>
    row.map((cell, column) => (column === 0 ? cell : cell.padStart(widths[column] ?? 0)));
  return formatTable(right(header), rows.map(right));
}

function each(unitPrice: number): string {
  const perMillion = Number((unitPrice * 1e6).toPrecision(6));
  return unitPrice < 0.01 ? `${perMillion} a million` : String(unitPrice);
}

function rounded(quantity: number): string {
  return quantity.toLocaleString('en-US', { maximumFractionDigits: quantity < 10 ? 3 : 0 });
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}
