import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DriftlessError, type ErrorCode } from '../../../lib/errors.ts';
import { durableHandler } from '../../../lib/flow/durable-flow.ts';
import type { Json } from '../../../lib/ports/workflow.ts';
import { journalRig, runToEnd } from '../../dev/journal/rig.ts';

const rig = journalRig();

/** What came out of a step, first when it was thrown, and again when it was replayed after a sleep. */
async function caughtTwice(work: () => Promise<Json>) {
  const caught: unknown[] = [];
  const { log } = await rig.outcome(async (flow) => {
    await flow.step('broken', work).catch((error: unknown) => {
      caught.push(error instanceof DriftlessError ? { ...error, message: error.message, cause: error.cause } : error);
    });
    await flow.sleep('a while', 1);
  });
  return { caught, log };
}

test('steps, sleeps and polls follow one another, and time passes between them', async () => {
  const seen: unknown[] = [];
  const { result, clock } = await rig.outcome(async (flow) => {
    const planned = await flow.step('plan', async () => ({ waves: 2 }));
    await flow.sleep('bake', 30);
    const polls = await flow.poll<number>('health', 0, async (count) => {
      seen.push(count);
      return count < 2 ? { state: count + 1, nextSeconds: 5 } : { state: count };
    });
    return { planned, polls, nothing: await flow.step('notify', async () => undefined) };
  });
  expect(result).toEqual({ planned: { waves: 2 }, polls: 2 });
  expect(seen).toEqual([0, 1, 2]);
  expect(clock.monotonic()).toBe(40_000);
});

test('a step gives back, at once and in a replay, the JSON that its work returned', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const returned: unknown[] = [];
      await rig.outcome(async (flow) => {
        returned.push(await flow.step('value', async () => value as Json));
        await flow.sleep('a while', 1);
      });
      expect(returned).toEqual([JSON.parse(JSON.stringify(value)), JSON.parse(JSON.stringify(value))]);
    }),
    { numRuns: 20 },
  );
});

test('a step may return nothing', async () => {
  const { result } = await rig.outcome(async (flow) => [
    (await flow.step('silent', async () => undefined)) === undefined,
  ]);
  expect(result).toEqual([true]);
});

test.each<[string, unknown, ErrorCode, string]>([
  [
    'an error of ours',
    new DriftlessError('RefNotFound', 'ref "mian" is missing'),
    'RefNotFound',
    'ref "mian" is missing',
  ],
  ['a defect', new TypeError('x is not a function'), 'Internal', 'x is not a function'],
  ['something that is no error', 'a word', 'Internal', 'a word'],
])('%s leaves a step as a DriftlessError, the same one after a replay', async (_what, thrown, code, message) => {
  const { caught } = await caughtTwice(async () => {
    throw thrown;
  });
  const equal = { ...new DriftlessError(code, message), message, cause: undefined };
  expect(caught).toEqual([equal, equal]);
});

test('a defect in a step is logged with its stack, since only code and message are kept', async () => {
  const { log } = await caughtTwice(async () => {
    throw new TypeError('x is not a function');
  });
  expect(log.lines).toEqual([
    {
      level: 'error',
      message: 'unexpected error',
      execution: 'shop-1',
      step: 'broken',
      stack: expect.stringMatching(/^TypeError: x is not a function\n +at /),
    },
  ]);
});

test('neither the stack nor the cause of an error is written down', async () => {
  const cause = new Error('password hunter2');
  const { journal, dir, clock } = await rig.run(async (_target, flow) => {
    const failing = async () => {
      throw new DriftlessError('RenderFailed', 'chart shop: no value for port', { cause });
    };
    await flow.step('render', failing).catch(() => undefined);
    await flow.sleep('a while', 60);
  });
  await journal.operations.start('shop', 1);
  await journal.idle();
  const written = readFileSync(join(dir, 'running', 'shop-1.jsonl'), 'utf8');
  expect(written).toContain('chart shop: no value for port');
  expect(written).not.toMatch(/hunter2|durable-flow|\bat \//);
  await runToEnd({ journal, clock });
});

test.each<[string, () => Promise<Json>, string]>([
  [
    'is too large to be kept',
    async () => 'x'.repeat(200_001),
    'step big: 200003 bytes are more than the 200000 that a step may return; put the value into the blob store',
  ],
  [
    'is not JSON',
    async () => {
      const loop: Record<string, Json> = {};
      loop['self'] = loop;
      return loop;
    },
    expect.stringContaining('circular'),
  ],
])('a step whose result %s fails as Internal', async (_what, work, message) => {
  const { result } = await rig.outcome((flow) =>
    flow.step('big', work).catch(({ code, message }: DriftlessError) => ({ code, message })),
  );
  expect(result).toEqual({ code: 'Internal', message });
});

test('two steps at once are refused, since a replay could not tell them apart', async () => {
  const { result } = await rig.outcome(async (flow) => {
    const first = flow.step('first', async () => 1);
    const second = await flow.step('second', async () => 2).catch(({ message }: DriftlessError) => message);
    return [await first, second];
  });
  expect(result).toEqual([1, 'step second: started while step first runs; await that one first']);
});

test('an error outside of the steps ends the execution as failed, with its code', async () => {
  const { journal, log } = await rig.run(async () => {
    throw new DriftlessError('ApplicationUnknown', 'Application/shop: not configured');
  });
  await journal.operations.start('shop', 1);
  await journal.idle();
  expect(journal.ended('shop-1')).toMatchObject({
    status: 'FAILED',
    error: { ErrorData: 'ApplicationUnknown', ErrorMessage: 'Application/shop: not configured' },
  });
  expect(log.lines).toEqual([
    {
      level: 'error',
      message: 'durable operation failed',
      execution: 'shop-1',
      code: 'ApplicationUnknown',
      error: 'Application/shop: not configured',
    },
  ]);
});

test('what the SDK or its client logs goes to the log, not to the console', async () => {
  const { journal, log } = await rig.open();
  const client: typeof journal.client = {
    ...journal.client,
    checkpoint(request, logger) {
      logger?.warn('slow down', { after: 3 });
      return journal.client.checkpoint(request);
    },
  };
  journal.resume(durableHandler((_event, flow) => flow.step('one', async () => 1), { client, log }));
  journal.start('shop-1', '{}');
  await journal.idle();
  expect(log.lines[0]).toEqual({
    level: 'warn',
    message: 'message of the durable execution SDK',
    text: 'slow down',
    fields: { after: 3 },
  });
});
