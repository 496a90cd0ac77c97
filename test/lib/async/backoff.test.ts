import { backoffDelay } from '../../../lib/async/backoff.ts';

const delays = (failures: number, jitter: 'full' | 'equal', atLeast?: number) => {
  const backoff = { first: 100, longest: 5_000, jitter };
  return Array.from({ length: 200 }, () => backoffDelay(failures, backoff, atLeast));
};

test.each([
  { failures: 1, jitter: 'full', atLeast: 0, lowest: 0, highest: 100 },
  { failures: 3, jitter: 'full', atLeast: 0, lowest: 0, highest: 400 },
  { failures: 1, jitter: 'equal', atLeast: 0, lowest: 50, highest: 100 },
  { failures: 3, jitter: 'equal', atLeast: 0, lowest: 200, highest: 400 },
  { failures: 30, jitter: 'equal', atLeast: 0, lowest: 2_500, highest: 5_000 },
  { failures: 1, jitter: 'equal', atLeast: 3_000, lowest: 3_000, highest: 3_050 },
] as const)('after $failures failures with $jitter jitter a delay is between $lowest and $highest', (row) => {
  const all = delays(row.failures, row.jitter, row.atLeast);
  expect(Math.min(...all)).toBeGreaterThanOrEqual(row.lowest);
  expect(Math.max(...all)).toBeLessThanOrEqual(row.highest);
  expect(new Set(all).size).toBeGreaterThan(100);
});
