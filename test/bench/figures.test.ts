import { figuresOf, formatTable, percentile } from '../../bench/figures.ts';

test.each([
  ['the median of an odd number of values', [3, 1, 2], 50, 2],
  ['the lower median of an even number of values', [4, 1, 3, 2], 50, 2],
  ['the largest of few values, for a high percentile', [5, 9, 7], 99, 9],
  ['the second largest of a hundred values, for the 99th', Array.from({ length: 100 }, (_, n) => n + 1), 99, 99],
  ['the only value', [6], 50, 6],
  ['never, where one of few was never answered', [1, Number.POSITIVE_INFINITY], 99, Number.POSITIVE_INFINITY],
  ['no number where there are no values', [], 50, Number.NaN],
])('a percentile is %s', (_case, values, percent, expected) => {
  expect(percentile(values, percent)).toBe(expected);
});

test('a figure is rounded to four digits, and has no bound where there is none', () => {
  const figure = figuresOf('push');
  expect([
    figure('live.p50', 0.123456, { unit: 's', wanted: 0.12 }),
    figure('requests', 1234567, { unit: 'requests' }),
  ]).toEqual([
    { bench: 'push', metric: 'live.p50', value: 0.1235, unit: 's', wanted: 0.12 },
    { bench: 'push', metric: 'requests', value: 1235000, unit: 'requests' },
  ]);
});

test('the table says which bounds are not reached', () => {
  const figure = figuresOf('push');
  expect(
    formatTable([
      figure('live.p50', 0.1, { unit: 's', wanted: 0.12 }),
      figure('live.max', 0.3, { unit: 's' }),
      figure('cpuPerPush', 0.07, { unit: 's', wanted: 0.06 }),
    ]),
  ).toBe(
    [
      '| bench | metric     | value  | wanted   |             |',
      '| ----- | ---------- | ------ | -------- | ----------- |',
      '| push  | live.p50   | 0.1 s  | ≤ 0.12 s |             |',
      '| push  | live.max   | 0.3 s  |          |             |',
      '| push  | cpuPerPush | 0.07 s | ≤ 0.06 s | not reached |',
    ].join('\n'),
  );
});
