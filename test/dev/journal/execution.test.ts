import type { OperationUpdate, WireOperation } from '@aws/durable-execution-sdk-js';
import {
  applyUpdates,
  type Execution,
  merge,
  newExecution,
  passTime,
  wakesAt,
} from '../../../dev/journal/execution.ts';

const step = { Id: 'a', Name: 'plan', Type: 'STEP', SubType: 'Step' } as const;
const wait = { Id: 'b', Name: 'bake', Type: 'WAIT', SubType: 'Wait' } as const;
const begun = new Date(1_000);

/** What the updates make of a new execution, a second after the other, with the time that has passed before each. */
function after(...updates: OperationUpdate[]): Execution {
  const execution = newExecution({ name: 'shop-1', payload: '{}', startedAt: 0, size: 0 });
  for (const [i, update] of updates.entries()) {
    const at = 1_000 * (i + 1);
    passTime(execution, at);
    merge(execution, applyUpdates(execution.operations, [update], at));
  }
  return execution;
}

function operationsOf({ operations }: Execution): WireOperation[] {
  return [...operations.values()];
}

test.each<[string, OperationUpdate[], Partial<WireOperation>]>([
  ['begins', [{ ...step, Action: 'START' }], { Status: 'STARTED' }],
  [
    'succeeds',
    [
      { ...step, Action: 'START' },
      { ...step, Action: 'SUCCEED', Payload: '1' },
    ],
    { Status: 'SUCCEEDED', EndTimestamp: new Date(2_000), StepDetails: { Attempt: 1, Result: '1' } },
  ],
  [
    'fails',
    [
      { ...step, Action: 'START' },
      { ...step, Action: 'FAIL', Error: { ErrorMessage: 'no' } },
    ],
    { Status: 'FAILED', EndTimestamp: new Date(2_000), StepDetails: { Attempt: 1, Error: { ErrorMessage: 'no' } } },
  ],
  [
    'is to be tried again',
    [
      { ...step, Action: 'START' },
      { ...step, Action: 'RETRY', Payload: '1', StepOptions: { NextAttemptDelaySeconds: 4 } },
    ],
    { Status: 'PENDING', StepDetails: { Attempt: 1, Result: '1', NextAttemptTimestamp: new Date(6_000) } },
  ],
  [
    'is tried again, with what it knew',
    [
      { ...step, Action: 'START' },
      { ...step, Action: 'RETRY', Payload: '1', StepOptions: { NextAttemptDelaySeconds: 1 } },
      { ...step, Action: 'START' },
    ],
    { Status: 'STARTED', StepDetails: { Attempt: 1, Result: '1', NextAttemptTimestamp: new Date(3_000) } },
  ],
])('a step that %s', (_what, updates, expected) => {
  expect(operationsOf(after(...updates))).toEqual([{ ...step, StartTimestamp: begun, ...expected }]);
});

test('a wait is over when its time is, to the millisecond', () => {
  const started = { ...wait, StartTimestamp: begun, WaitDetails: { ScheduledEndTimestamp: new Date(31_000) } };
  const over = { ...started, Status: 'SUCCEEDED', EndTimestamp: new Date(31_000) };
  const execution = after({ ...wait, Action: 'START', WaitOptions: { WaitSeconds: 30 } });
  expect(operationsOf(execution)).toEqual([{ ...started, Status: 'STARTED' }]);
  expect(wakesAt(execution.operations)).toBe(31_000);
  expect(passTime(execution, 30_999)).toEqual([]);
  expect(passTime(execution, 31_000)).toEqual([over]);
  expect(operationsOf(execution)).toEqual([over]);
});

test('time does not go back for an execution when it does for the machine', () => {
  const execution = after({ ...wait, Action: 'START', WaitOptions: { WaitSeconds: 30 } });
  passTime(execution, 20_000);
  passTime(execution, 10_000);
  expect(execution.now).toBe(20_000);
});

test.each<[string, OperationUpdate[], string]>([
  [
    'a step that begins twice',
    [step, step].map((s) => ({ ...s, Action: 'START' })),
    'plan: STEP START does not follow on STARTED',
  ],
  [
    'a step that ends twice',
    [step, step].map((s) => ({ ...s, Action: 'FAIL' })),
    'plan: STEP FAIL does not follow on FAILED',
  ],
  ['a step that is cancelled', [{ ...step, Action: 'CANCEL' }], 'plan: a step knows no CANCEL'],
  [
    'a wait that begins twice',
    [wait, wait].map((s) => ({ ...s, Action: 'START' })),
    'bake: WAIT START does not follow on STARTED',
  ],
  [
    'a child context',
    [{ ...step, Type: 'CONTEXT', Action: 'START' }],
    'plan: CONTEXT START does not follow on nothing',
  ],
  ['an update without id', [{ ...step, Id: undefined, Action: 'START' }], 'an update has no id'],
  [
    'a result above 256 kB',
    [{ ...step, Action: 'SUCCEED', Payload: 'x'.repeat(256 * 1024 + 1) }],
    'plan: its result exceeds 256 kB',
  ],
  [
    'more than 3,000 operations',
    Array.from({ length: 3_001 }, (_, i) => ({ ...step, Id: `${i}`, Action: 'START' as const })),
    'it has more than 3000 operations',
  ],
])('%s is refused for good, as AWS does', (_what, updates, message) => {
  expect(() => applyUpdates(new Map(), updates, 0)).toThrow(expect.objectContaining({ scope: 'EXECUTION', message }));
});

test('updates that are refused change nothing', () => {
  const { operations } = after({ ...step, Action: 'START' });
  const before = structuredClone(operations);
  const updates: OperationUpdate[] = [
    { ...step, Action: 'SUCCEED', Payload: '1' },
    { ...step, Action: 'SUCCEED', Payload: '2' },
  ];
  expect(() => applyUpdates(operations, updates, 2_000)).toThrow('does not follow');
  expect(operations).toEqual(before);
});
