import { DriftlessError } from '../../../lib/errors.ts';
import { durableHandler } from '../../../lib/flow/durable-flow.ts';
import type { Flow } from '../../../lib/ports/workflow.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { gate, journalRig, resultOf, runToEnd } from './rig.ts';

const rig = journalRig();

test('operations run beside one another, no more than allowed', async () => {
  const gates = [gate(), gate(), gate()];
  const running: number[] = [];
  const opened = await rig.run(
    ({ seq }, flow) =>
      flow.step('wait', async () => {
        running.push(seq);
        await gates[seq]?.opened;
        return seq;
      }),
    { concurrency: 2 },
  );
  for (const seq of gates.keys()) await opened.journal.operations.start('shop', seq);
  expect(running).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(running).toEqual([0, 1]);
  gates[1]?.open();
  gates[0]?.open();
  gates[2]?.open();
  await runToEnd(opened);
  expect(running).toEqual([0, 1, 2]);
  expect([0, 1, 2].map((seq) => resultOf(opened.journal, `shop-${seq}`))).toEqual([0, 1, 2]);
});

test('an operation that sleeps lets others run', async () => {
  const opened = await rig.run(
    async ({ seq }, flow) => {
      if (seq === 0) await flow.sleep('long', 3600);
      return seq;
    },
    { concurrency: 1 },
  );
  await opened.journal.operations.start('shop', 0);
  await opened.journal.idle();
  await opened.journal.operations.start('shop', 1);
  await opened.journal.idle();
  expect([opened.journal.ended('shop-0'), resultOf(opened.journal, 'shop-1')]).toEqual([undefined, 1]);
  await opened.clock.advance(3_599_999);
  expect(opened.journal.ended('shop-0')).toBeUndefined();
  await opened.clock.advance(1);
  await opened.journal.idle();
  expect(resultOf(opened.journal, 'shop-0')).toBe(0);
});

test('an operation that sleeps over a restart wakes when it would have', async () => {
  const dir = rig.folder();
  const asleep = async (_target: unknown, flow: Flow) => {
    await flow.sleep('bake', 100);
    return 'awake';
  };
  const before = await rig.run(asleep, { dir });
  await before.journal.operations.start('shop', 1);
  await before.journal.idle();
  await before.journal.stop();

  const after = await rig.run(asleep, { dir, clock: new ManualClock(before.clock.now() + 60_000) });
  await after.journal.idle();
  expect(after.journal.ended('shop-1')).toBeUndefined();
  await runToEnd(after);
  expect(after.clock.monotonic()).toBe(40_000);
  expect(resultOf(after.journal, 'shop-1')).toBe('awake');
});

test('an invocation that breaks is made again with back-off, and goes on where it was', async () => {
  const opened = await rig.open();
  const { journal, clock, log } = opened;
  let breaks = 3;
  const client: typeof journal.client = {
    ...journal.client,
    async checkpoint(request) {
      if (breaks > 0 && request.Updates?.some(({ Name }) => Name === 'second')) {
        breaks -= 1;
        throw new Error('ENOSPC: no space left on device');
      }
      return await journal.client.checkpoint(request);
    },
  };
  const ran: string[] = [];
  const work = (name: string) => async () => ran.push(name);
  journal.resume(
    durableHandler(
      async (_event, flow) => {
        await flow.step('first', work('first'));
        await flow.step('second', work('second'));
        return clock.monotonic();
      },
      { client, log },
    ),
  );
  journal.start('shop-1', '{}');
  await runToEnd(opened);
  expect(resultOf(journal, 'shop-1')).toBe(7_000);
  expect(ran).toEqual(['first', 'second', 'second', 'second', 'second']);
  expect(log.lines).toEqual(
    [1, 2, 4].map((seconds) => ({
      level: 'warn',
      message: 'durable operation broke and is taken up again',
      execution: 'shop-1',
      seconds,
      error: '[Unrecoverable Invocation] Checkpoint failed: ENOSPC: no space left on device',
    })),
  );
});

test('a clock that is set back while an operation runs does not spoil its journal', async () => {
  const dir = rig.folder();
  const clock = new ManualClock();
  let attempts = 0;
  const operation = async (_target: unknown, flow: Flow) => {
    const value = await flow.step('fetch', async () => {
      attempts += 1;
      if (attempts === 1) throw new DriftlessError('GitUnreachable', 'no route to git.example');
      clock.set(Date.UTC(2025, 0, 1));
      return 'fetched';
    });
    await flow.sleep('bake', 10);
    return value;
  };
  const before = await rig.run(operation, { dir, clock });
  await before.journal.operations.start('shop', 1);
  await before.journal.idle();
  await clock.advanceToNext();
  await before.journal.idle();
  await before.journal.stop();
  const after = await rig.run(operation, { dir, clock: new ManualClock(Date.UTC(2026, 0, 2)) });
  await runToEnd(after);
  expect([resultOf(after.journal, 'shop-1'), attempts]).toEqual(['fetched', 2]);
});
