import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { flowOf } from '../../../lib/flow/durable-flow.ts';
import type { Flow } from '../../../lib/ports/workflow.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';

type Decision =
  | { readonly shouldContinue: false }
  | { readonly shouldContinue: true; readonly delay: { readonly seconds: number } };

type Condition = { readonly initialState: unknown; readonly waitStrategy: (state: unknown) => Decision };

/** A flow on a context that remembers nothing and never waits, which adds up the seconds that it should have waited. */
function untimedFlow(): { readonly flow: Flow; waitedSeconds: () => number } {
  let waited = 0;
  const context = {
    step: (_name: string, work: () => Promise<unknown>) => work(),
    async waitForCondition(_name: string, check: (state: unknown) => Promise<unknown>, condition: Condition) {
      for (let state = condition.initialState; ; ) {
        state = await check(state);
        const decision = condition.waitStrategy(state);
        if (!decision.shouldContinue) return state;
        waited += decision.delay.seconds;
      }
    },
  } as unknown as DurableContext;
  return { flow: flowOf(context, new RecordingLog()), waitedSeconds: () => waited };
}

test.each([
  ['ten minutes', 600, 330],
  ['an hour', 3600, 517],
  ['a day', 86_400, 838],
  ['a year', 31_536_000, 1_431],
])('a poll that asks every second takes few runs for %s', async (_time, seconds, runs) => {
  const { flow, waitedSeconds } = untimedFlow();
  const count = await flow.poll<number>('health', 0, async (n) =>
    waitedSeconds() < seconds ? { state: n + 1, nextSeconds: 1 } : { state: n + 1 },
  );
  expect(count).toBe(runs);
});

test('a poll that asks for longer waits gets them, in whole seconds', async () => {
  const { flow, waitedSeconds } = untimedFlow();
  await flow.poll<number>('health', 0, async (n) => (n < 2 ? { state: n + 1, nextSeconds: 7.2 } : { state: n }));
  expect(waitedSeconds()).toBe(16);
});

test('all polls of an operation together stop at 2,500 runs, and steps still go through', async () => {
  const { flow, waitedSeconds } = untimedFlow();
  let runs = 0;
  async function pollForAWhile(): Promise<void> {
    const end = waitedSeconds() + 3600;
    await flow.poll<number>('health', 0, async (n) => {
      runs += 1;
      return waitedSeconds() < end ? { state: n + 1, nextSeconds: 1 } : { state: n };
    });
  }
  async function pollForEver(): Promise<void> {
    for (;;) await pollForAWhile();
  }
  await expect(pollForEver()).rejects.toMatchObject({
    code: 'Internal',
    message: 'poll health: the operation has used its 2500 durable runs; poll less often',
  });
  expect(runs).toBe(2500);
  expect(await flow.step('conclude', async () => 'done')).toBe('done');
});
