import { costOf, type Purpose, type Workload } from '../../cli/verbs/cost/model.ts';
import { driftless } from './driftless.ts';

const HUNDRED: Workload = { apps: 100, objects: 3000, clusters: 1, pushes: 50, scanEverySeconds: 300 };

function usd(workload: Workload, purpose: Purpose, what: string): number {
  const item = costOf(workload).items.find((one) => one.purpose === purpose && one.what === what);
  if (item === undefined) throw new Error(`no ${what} for ${purpose}`);
  return item.usd;
}

// Worked by hand from the list prices; 730 hours are 8,760 scans of five minutes, and 30 days and 10 hours.
test.each([
  [
    '8,760 scans of 1.1 s, and 274 s of full checks, with 1 GB',
    'scan',
    'Lambda GB-seconds (arm64)',
    9909.75 * 0.0000133334,
  ],
  ['8,760 scans that read 202 items', 'scan', 'table reads', 0.221_19],
  ['8,760 scans that write 6 units', 'scan', 'table writes', 0.032_85],
  ['8,760 sweeps of 2 s with 0.5 GB', 'sweep', 'Lambda GB-seconds (arm64)', 0.116_8],
  ['8,760 sweeps that read 203 items', 'sweep', 'table reads', 0.222_285],
  ['1,520.8 deployments of 12.2 GB-seconds', 'deploy', 'Lambda GB-seconds (arm64)', 0.247_39],
  ['1,520.8 deployments of 4 GB-seconds on x86', 'deploy', 'Lambda GB-seconds (x86)', 0.101_39],
  ['1,520.8 deployments of 14 durable operations', 'deploy', 'durable operations', 0.170_33],
  ['nine metrics', 'standing', 'metrics', 2.7],
] as const)('a hundred applications: %s', (_working, purpose, what, expected) => {
  expect(usd(HUNDRED, purpose, what)).toBeCloseTo(expected, 4);
});

test.each([
  [30, 50.01],
  [100, 119.51],
  [1000, 1013.03],
])('the EKS Capability for Argo CD costs for %d applications what its price list says', (apps, expected) => {
  const [capability] = costOf({ ...HUNDRED, apps }).alternatives;
  expect(capability).toEqual({ name: 'EKS Capability for Argo CD', usd: expect.closeTo(expected, 2) });
});

test('nodes of one’s own cost by the hour, whatever is deployed', () => {
  const others = costOf(HUNDRED).alternatives.slice(1);
  expect(others.map(({ usd }) => Number(usd.toFixed(2)))).toEqual([59.57, 119.14, 192.14]);
});

test('the total is the sum of what each purpose costs, and that of its items', () => {
  const { items, subtotals, total } = costOf(HUNDRED);
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  expect(total).toBeCloseTo(sum(Object.values(subtotals)), 10);
  expect(total).toBeCloseTo(sum(items.map((item) => item.usd)), 10);
});

test('half as many scans cost half as much, but for the full check once a day', () => {
  const twice = costOf({ ...HUNDRED, scanEverySeconds: 150 }).subtotals.scan;
  const once = costOf(HUNDRED).subtotals.scan;
  const daily = (730 / 24) * 3 * 3 * 0.0000133334;
  expect(twice - daily).toBeCloseTo(2 * (once - daily), 10);
});

test('a measured duration of scans replaces the modelled one', () => {
  const { quantity } = costOf({ ...HUNDRED, scanSeconds: 10 }).items[0] ?? { quantity: 0 };
  expect(quantity).toBeCloseTo(8760 * 10 + (730 / 24) * 9, 6);
});

test('as JSON, every item is a number, with the date and region of its price', async () => {
  const { stdout, exitCode } = await driftless([
    'cost',
    '--apps',
    '30',
    '--pushes',
    '10',
    '--scan',
    '10m',
    '-o',
    'json',
  ]);
  const { prices, workload, items, total } = JSON.parse(stdout);
  expect({ exitCode, prices, workload }).toEqual({
    exitCode: 0,
    prices: { region: 'us-east-1', date: expect.stringMatching(/^\d{4}-\d{2}$/), currency: 'USD' },
    workload: { apps: 30, pushes: 10, clusters: 1, objects: 900, scanEverySeconds: 600 },
  });
  expect(total).toBeCloseTo(costOf(workload).total, 10);
  expect(items).toEqual(costOf(workload).items);
});

test.each([
  ['no number of applications', ['cost'], '--apps'],
  ['a region without prices', ['cost', '--apps', '1', '--region', 'eu-central-1'], 'us-east-1'],
  ['a scan without a unit', ['cost', '--apps', '1', '--scan', '5'], '30s, 5m'],
  ['a duration that is none', ['cost', '--apps', '1', '--scan-seconds', '-1'], '0.8'],
])('%s is refused with what to write', async (_situation, args, remedy) => {
  const { exitCode, stderr } = await driftless(args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(remedy);
});
