import type { DurableExecutionInvocationInput, DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import { gate, journalRig } from './rig.ts';

const rig = journalRig();

describe('the checkpoint token', () => {
  /** An invocation, held open, and its input. */
  async function invocation() {
    const opened = await rig.open();
    const done = gate();
    const input = await new Promise<DurableExecutionInvocationInput>((resolve) => {
      const handler: DurableLambdaHandler = async (event) => {
        resolve(event);
        await done.opened;
        throw new Error('done');
      };
      opened.journal.resume(handler);
      opened.journal.start('shop-1', '{"app":"shop"}');
    });
    return { ...opened, input, end: done.open };
  }

  const update = { Id: 'a', Name: 'plan', Type: 'STEP', SubType: 'Step', Action: 'START' } as const;

  test('of an invocation changes with each checkpoint, and an old one is refused for this invocation only', async () => {
    const { journal, input, end } = await invocation();
    const { DurableExecutionArn, CheckpointToken } = input;
    const request = { DurableExecutionArn, CheckpointToken, Updates: [update] };
    const response = await journal.client.checkpoint(request);
    expect(response.CheckpointToken).not.toBe(CheckpointToken);
    await expect(journal.client.checkpoint(request)).rejects.toMatchObject({
      scope: 'INVOCATION',
      message: 'the checkpoint token is stale',
    });
    end();
  });

  test('of a former invocation is refused', async () => {
    const { journal, clock, input, end } = await invocation();
    end();
    await journal.idle();
    await clock.advanceToNext();
    await journal.idle();
    await expect(journal.client.getExecutionState(input)).rejects.toMatchObject({ scope: 'INVOCATION' });
  });

  test('of an execution that is not there ends it', async () => {
    const { journal, input, end } = await invocation();
    const request = { ...input, DurableExecutionArn: 'shop-2' };
    await expect(journal.client.checkpoint(request)).rejects.toMatchObject({ scope: 'EXECUTION' });
    end();
  });

  test('reads the whole state, in one page', async () => {
    const { journal, input, end } = await invocation();
    const { DurableExecutionArn } = input;
    const { CheckpointToken } = await journal.client.checkpoint({ ...input, Updates: [update] });
    const state = await journal.client.getExecutionState({ DurableExecutionArn, CheckpointToken });
    expect(state).toEqual({
      Operations: [
        {
          Id: 'a',
          Name: 'plan',
          Type: 'STEP',
          SubType: 'Step',
          Status: 'STARTED',
          StartTimestamp: new Date(Date.UTC(2026, 0, 1)),
        },
      ],
    });
    end();
  });
});
