import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flow } from '../../../lib/ports/workflow.ts';
import { gate, journalRig, resultOf, runToEnd } from './rig.ts';

const rig = journalRig();

describe('stopping', () => {
  test('lets the step that runs end and be remembered, and begins no other', async () => {
    const dir = rig.folder();
    const step = gate();
    const ran: string[] = [];
    const operation = async (_target: unknown, flow: Flow) => {
      const first = await flow.step('first', async () => {
        ran.push('first');
        await step.opened;
        return 1;
      });
      const second = await flow.step('second', async () => {
        ran.push('second');
        return 2;
      });
      return first + second;
    };
    const before = await rig.run(operation, { dir });
    await before.journal.operations.start('shop', 1);
    await new Promise((resolve) => setImmediate(resolve));
    const stopped = before.journal.stop();
    step.open();
    await stopped;
    expect(ran).toEqual(['first']);

    const after = await rig.run(operation, { dir });
    await runToEnd(after);
    expect(ran).toEqual(['first', 'second']);
    expect(resultOf(after.journal, 'shop-1')).toBe(3);
  });

  test('abandons a step that takes longer than the grace, which then changes nothing', async () => {
    const dir = rig.folder();
    const step = gate();
    const slow = await rig.run((_target, flow) => flow.step('slow', () => step.opened.then(() => 'late')), { dir });
    await slow.journal.operations.start('shop', 1);
    await new Promise((resolve) => setImmediate(resolve));
    const stopped = slow.journal.stop(5_000);
    await slow.clock.advance(5_000);
    await stopped;
    const left = readFileSync(join(dir, 'running', 'shop-1.jsonl'), 'utf8');
    step.open();
    await slow.journal.idle();
    expect(readFileSync(join(dir, 'running', 'shop-1.jsonl'), 'utf8')).toBe(left);

    const quick = await rig.run((_target, flow) => flow.step('slow', async () => 'in time'), { dir });
    await runToEnd(quick);
    expect(resultOf(quick.journal, 'shop-1')).toBe('in time');
  });

  test('refuses what is started after it', async () => {
    const { journal } = await rig.open();
    await journal.stop();
    await expect(journal.operations.start('shop', 1)).rejects.toMatchObject({
      code: 'StateUnavailable',
      message: 'operation shop-1: the deployer is stopping; start it again',
    });
  });
});
