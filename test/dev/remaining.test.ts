import { remaining } from '../../dev/setup/remaining.mjs';

test.each([
  ['at the beginning no time is told', 3, 2600, 1_000, '3 of about 2600 packages'],
  ['half of it takes as long again', 1300, 2600, 150_000, '1300 of about 2600 packages, about 3 min left'],
  ['the end is near', 2500, 2600, 290_000, '2500 of about 2600 packages, less than a minute left'],
  ['more than were counted', 2601, 2600, 300_000, '2601 of about 2601 packages'],
])('%s', (_what, compiled, total, elapsedMs, said) => {
  expect(remaining(compiled, total, elapsedMs)).toBe(said);
});
