import { every } from '../../cli/dev/every.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

const clock = new ManualClock();

/** Work whose end a test decides. */
function openWork() {
  const ends: (() => void)[] = [];
  return { ends, work: (): Promise<void> => new Promise((resolve) => ends.push(resolve)) };
}

test('work is done after each pause, never twice at once', async () => {
  const { ends, work } = openWork();
  const stop = every(1000, work, clock);
  await clock.advance(999);
  expect(ends).toHaveLength(0);
  await clock.advance(10_000);
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await clock.advance(0);
  await clock.advance(1000);
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await stop();
});

test('the end waits for the work that goes on, and nothing begins after it', async () => {
  const { ends, work } = openWork();
  const stop = every(1000, work, clock);
  await clock.advance(1000);
  const order: string[] = [];
  const stopped = stop().then(() => order.push('stopped'));
  await clock.advance(1500);
  order.push('work ended');
  ends[0]?.();
  await stopped;
  await clock.advance(10_000);
  expect([order, ends.length]).toEqual([['work ended', 'stopped'], 1]);
});

test('work that does not end is not waited for for more than two seconds', async () => {
  const { work } = openWork();
  const stop = every(1000, work, clock);
  await clock.advance(1000);
  const stopped = stop();
  await clock.advance(2000);
  await expect(stopped).resolves.toBeUndefined();
});

test('a pause is cut short by the end', async () => {
  const { ends, work } = openWork();
  await every(1000, work, clock)();
  expect(ends).toHaveLength(0);
});
