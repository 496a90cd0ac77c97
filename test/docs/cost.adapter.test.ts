// docs/cost.md says what the command prints.
import { readFileSync } from 'node:fs';
import { costOf, type Workload } from '../../cli/verbs/cost/model.ts';
import { PRICES } from '../../cli/verbs/cost/prices.ts';
import { driftless } from '../cli/driftless.ts';

const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');

/** The rows of the table that begins with this column, without its head. */
function table(first: string): readonly (readonly string[])[] {
  const [, , ...lines] =
    page
      .slice(page.indexOf(`| ${first} |`))
      .split('\n\n')[0]
      ?.split('\n') ?? [];
  return lines.map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

const dollars = (usd: number): string => usd.toFixed(2);
const base: Workload = { apps: 100, objects: 3000, clusters: 1, pushes: 50, scanEverySeconds: 300 };

test('the date and region of the prices are those of the list', () => {
  const date = new Date(`${PRICES.date}-01`).toLocaleString('en-US', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  expect(page).toContain(`list prices of ${PRICES.region} as of ${date}`);
});

test.each(table('Applications'))('the row of %s applications is what they cost', (...row) => {
  const [apps, pushes] = row.map(Number);
  if (apps === undefined || pushes === undefined) throw new Error('the row is too short');
  const { subtotals, total, alternatives } = costOf({ ...base, apps, pushes, objects: apps * 30 });
  const { scan, sweep, deploy, standing } = subtotals;
  const costs = [scan, sweep, deploy, standing, total, ...alternatives.map(({ usd }) => usd)];
  expect(row.slice(2)).toEqual(costs.map(dollars));
});

test('the table is about 30, 100 and 1000 applications', () => {
  expect(table('Applications').map(([apps]) => apps)).toEqual(['30', '100', '1000']);
});

test.each(table('Every'))('a scan every %s costs what the table says', (every, ...cells) => {
  const scanEverySeconds = { '1m': 60, '5m': 300, '1h': 3600 }[every ?? ''] ?? 0;
  const scans = [0.5, 1.1, 5, 20].map(
    (scanSeconds) => costOf({ ...base, scanEverySeconds, scanSeconds }).subtotals.scan,
  );
  expect(cells).toEqual(scans.map(dollars));
});

const examples = [...page.matchAll(/^```console\n\$ driftless ([^\n]+)\n(.*?)^```$/gms)].map(
  ([, args = '', output = '']) => [args, output] as const,
);

test('there is an example that can be run', () => {
  expect(examples).toHaveLength(1);
});

test.each(examples)('%s prints what is written there', async (args, output) => {
  expect(await driftless(args.split(' '))).toEqual({ exitCode: 0, stdout: output, stderr: '' });
});
