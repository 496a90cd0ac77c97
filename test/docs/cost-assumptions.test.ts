// What the calculator assumes of the stack is what the stack makes.
import { ASSUMED } from '../../cli/verbs/cost/usage.ts';
import { FUNCTION_TABLE } from '../../infra/constructs/functions/function-table.ts';
import { OWN_METRICS } from '../../infra/metrics.ts';

test('functions have the memory that is counted', () => {
  const { scan, sweep, deployment } = ASSUMED;
  const { webhook, sync, render } = deployment;
  const counted = { drift: scan, sweep, webhook, sync, render };
  expect(Object.fromEntries(Object.entries(counted).map(([name, { memoryGB }]) => [name, memoryGB * 1024]))).toEqual({
    drift: FUNCTION_TABLE.drift.memorySize,
    sweep: FUNCTION_TABLE.sweep.memorySize,
    webhook: FUNCTION_TABLE.webhook.memorySize,
    sync: FUNCTION_TABLE.sync.memorySize,
    render: FUNCTION_TABLE.render.memorySize,
  });
});

test('all metrics are counted', () => {
  expect(ASSUMED.standing.metrics).toBe(OWN_METRICS.length);
});
