import { pollUntil } from '../../../lib/async/poll-until.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

/** Checks that count up from 1, each after a pause of 100 ms. */
function counting(timeoutMs: number) {
  const clock = new ManualClock();
  let checks = 0;
  const check = async (): Promise<number> => {
    checks += 1;
    return checks;
  };
  const pause = (): Promise<void> => clock.advance(100);
  return { clock, check, options: { clock, timeoutMs, pause } };
}

test.each([
  ['at once, without a pause', 1, 0],
  ['after some checks', 4, 300],
])('polling ends when the result is final: %s', async (_when, last, elapsedMs) => {
  const { clock, check, options } = counting(1_000);
  expect(await pollUntil(check, (count) => count === last, options)).toBe(last);
  expect(clock.monotonic()).toBe(elapsedMs);
});

test('polling ends with the last result once the time is over', async () => {
  const { clock, check, options } = counting(250);
  expect(await pollUntil(check, () => false, options)).toBe(4);
  expect(clock.monotonic()).toBe(300);
});

test('an error of a check is thrown', async () => {
  const { options } = counting(1_000);
  await expect(
    pollUntil(
      () => Promise.reject(new Error('no')),
      () => false,
      options,
    ),
  ).rejects.toThrow('no');
});
