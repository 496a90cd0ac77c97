import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DriftlessError } from '../../lib/errors.ts';
import { durableHandler } from '../../lib/flow/durable-flow.ts';
import { journalRig, resultOf, runToEnd } from './journal/rig.ts';

const rig = journalRig();
const DAY_MS = 24 * 3_600_000;

test('a journal keeps its identity over restarts, and shares it with no other', async () => {
  const { journal, dir } = await rig.open();
  const { id } = journal;
  await journal.stop();
  const [again, other] = [await rig.open({ dir }), await rig.open()];
  expect(again.journal.id).toBe(id);
  expect(other.journal.id).not.toBe(id);
});

describe('starting an operation', () => {
  test('passes it its application and number, always in the same bytes', async () => {
    const { journal, dir } = await rig.open();
    await journal.operations.start('shop', 7);
    const [first = ''] = readFileSync(join(dir, 'running', 'shop-7.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(first)).toEqual({
      name: 'shop-7',
      payload: '{"app":"shop","seq":7}',
      startedAt: Date.UTC(2026, 0, 1),
    });
  });

  test('is told by the time of the oldest, until all have ended', async () => {
    const opened = await rig.open();
    await opened.journal.operations.start('shop', 1);
    await opened.clock.advance(5);
    await opened.journal.operations.start('shop', 2);
    expect(opened.journal.openSince()).toBe(Date.UTC(2026, 0, 1));
    opened.journal.resume(durableHandler(async () => 1, { client: opened.journal.client, log: opened.log }));
    await runToEnd(opened);
    expect(opened.journal.openSince()).toBeUndefined();
  });

  test('again while it runs, or after it has ended, does nothing', async () => {
    let runs = 0;
    const opened = await rig.run(async (_target, flow) => {
      await flow.step('count', async () => ++runs);
      await flow.sleep('bake', 10);
    });
    await opened.journal.operations.start('shop', 1);
    await opened.journal.operations.start('shop', 1);
    await opened.journal.idle();
    await opened.journal.operations.start('shop', 1);
    await runToEnd(opened);
    await opened.journal.operations.start('shop', 1);
    await runToEnd(opened);
    expect(runs).toBe(1);
  });

  test.each([
    ['while it runs', false],
    ['after it has ended', true],
  ])('with another payload %s is refused', async (_when, resumed) => {
    const opened = await rig.open();
    if (resumed)
      opened.journal.resume(durableHandler(async () => 1, { client: opened.journal.client, log: opened.log }));
    opened.journal.start('shop-1', '{"app":"shop","seq":1}');
    await runToEnd(opened);
    expect(() => opened.journal.start('shop-1', '{"app":"shop","seq":2}')).toThrow(
      new DriftlessError('Internal', 'operation shop-1: it was started before, with another payload; use another name'),
    );
  });

  test.each([[''], ['../shop-1'], ['shop.eu-1'], ['x'.repeat(65)]])(
    'called %p is refused, as AWS does',
    async (name) => {
      const { journal } = await rig.open();
      expect(() => journal.start(name, '{}')).toThrow(
        new DriftlessError('Internal', `operation ${name}: give it 1 to 64 letters, digits, - and _`),
      );
    },
  );

  test('before the journal runs anything is remembered', async () => {
    const { journal, clock, log } = await rig.open();
    await journal.operations.start('shop', 1);
    await journal.idle();
    journal.resume(durableHandler(async () => 'ran', { client: journal.client, log }));
    await runToEnd({ journal, clock });
    expect(resultOf(journal, 'shop-1')).toBe('ran');
  });
});

describe('an operation that has ended', () => {
  test('is remembered over a restart, in one small file', async () => {
    const dir = rig.folder();
    const opened = await rig.run(async () => ({ status: 'synced' }), { dir });
    await opened.journal.operations.start('shop', 1);
    await runToEnd(opened);
    await opened.journal.stop();
    const { journal } = await rig.open({ dir });
    expect(journal.ended('shop-1')).toEqual({
      name: 'shop-1',
      payload: '{"app":"shop","seq":1}',
      status: 'SUCCEEDED',
      result: '{"status":"synced"}',
      startedAt: Date.UTC(2026, 0, 1),
      endedAt: Date.UTC(2026, 0, 1),
    });
    expect([readdirSync(join(dir, 'running')), readdirSync(join(dir, 'ended'))]).toEqual([[], ['shop-1.json']]);
  });

  test('is forgotten after 14 days', async () => {
    const opened = await rig.run(async () => null);
    await opened.journal.operations.start('shop', 1);
    await runToEnd(opened);
    await opened.clock.advance(14 * DAY_MS);
    await opened.journal.operations.start('shop', 2);
    await runToEnd(opened);
    expect(opened.journal.ended('shop-1')?.status).toBe('SUCCEEDED');
    await opened.clock.advance(DAY_MS);
    await opened.journal.operations.start('shop', 3);
    await runToEnd(opened);
    expect(opened.journal.ended('shop-1')).toBeUndefined();
    expect(opened.journal.ended('shop-2')?.status).toBe('SUCCEEDED');
  });

  test('is not run again when the process died before its journal was removed', async () => {
    const dir = rig.folder();
    const first = await rig.open({ dir });
    await first.journal.operations.start('shop', 1);
    await first.journal.stop();
    const running = join(dir, 'running', 'shop-1.jsonl');
    const left = readFileSync(running);
    const second = await rig.run(async () => 'first', { dir });
    await runToEnd(second);
    await second.journal.stop();
    writeFileSync(running, left);
    const third = await rig.run(async () => 'second', { dir });
    await runToEnd(third);
    expect(resultOf(third.journal, 'shop-1')).toBe('first');
    expect(existsSync(running)).toBe(false);
  });
});

describe('an operation that throws outside of its steps', () => {
  test('has failed, is recorded and logged, and is not run again', async () => {
    let runs = 0;
    const opened = await rig.run(async () => {
      runs += 1;
      throw new TypeError('x is not a function');
    });
    await opened.journal.operations.start('shop', 1);
    await runToEnd(opened);
    await opened.journal.operations.start('shop', 1);
    await runToEnd(opened);
    expect(runs).toBe(1);
    expect(opened.journal.ended('shop-1')).toMatchObject({
      status: 'FAILED',
      error: { ErrorMessage: 'x is not a function', ErrorData: 'Internal' },
    });
    expect(opened.log.lines).toContainEqual({
      level: 'error',
      message: 'durable operation failed',
      execution: 'shop-1',
      code: 'Internal',
      error: 'x is not a function',
    });
  });

  test('does not touch the others', async () => {
    const opened = await rig.run(async ({ seq }) => {
      if (seq === 1) throw new Error('broken');
      return 'fine';
    });
    await opened.journal.operations.start('shop', 1);
    await opened.journal.operations.start('shop', 2);
    await runToEnd(opened);
    expect(resultOf(opened.journal, 'shop-2')).toBe('fine');
  });
});

test('an operation whose steps come in another order in a replay has failed, instead of taking one result for another', async () => {
  let invocations = 0;
  const opened = await rig.run(async (_target, flow) => {
    invocations += 1;
    await flow.step(invocations === 1 ? 'plan' : 'apply', async () => 1);
    await flow.sleep('bake', 1);
  });
  await opened.journal.operations.start('shop', 1);
  await runToEnd(opened);
  expect(opened.journal.ended('shop-1')).toMatchObject({
    status: 'FAILED',
    error: { ErrorType: 'NonDeterministicExecutionError', ErrorMessage: expect.stringContaining('name mismatch') },
  });
});

test('a folder belongs to one journal at a time, and is free again when that has stopped', async () => {
  const dir = rig.folder();
  const { journal } = await rig.open({ dir });
  await expect(rig.open({ dir })).rejects.toMatchObject({
    code: 'UsageInvalid',
    message: `${dir}: another driftless process works with this folder; stop it, or use another folder`,
  });
  await journal.stop();
  await expect(rig.open({ dir })).resolves.toBeDefined();
});

test('a journal that syncs each checkpoint to the disk works alike', async () => {
  const opened = await rig.run((_target, flow) => flow.step('one', async () => 1), { fsync: true });
  await opened.journal.operations.start('shop', 1);
  await runToEnd(opened);
  expect(resultOf(opened.journal, 'shop-1')).toBe(1);
});
