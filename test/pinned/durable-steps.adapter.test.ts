// What the durable service is told of an operation: kind, name and result of each step, which it hands to whichever version runs the operation on.
import { durableHandler } from '../../lib/flow/durable-flow.ts';
import { journalRig, resultOf, runToEnd } from '../dev/journal/rig.ts';
import { statusOf } from '../lib/sync/rig.ts';
import { shapeOf } from './shape.ts';
import { withStateOf010 } from './state-of-0-1-0.ts';

const rig = journalRig();
const states = withStateOf010();

/** A Widget, which is waited for, in place of what is deployed. */
const WIDGET = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: { value: "1" }\n';

const SUMMARY =
  '{ configured: number, created: number, deleted: number, recreated: number, refused: number, skipped: number, unchanged: number }';

test('each step is told with its kind, its name and what it came to', async () => {
  const world = await states.open();
  world.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Ready', object) : object.status);
  world.commit('https://git.test/acme/shop', { 'deploy/all.yaml': WIDGET });
  await world.state.request('shop', { trigger: { kind: 'manual', by: 'ann' } });
  const { journal, clock, log } = await rig.open();
  const told: string[] = [];
  const client: typeof journal.client = {
    ...journal.client,
    checkpoint: (request, logger) => {
      for (const { Action, SubType, Name, Payload } of request.Updates ?? [])
        if (Action === 'SUCCEED' && Name !== undefined)
          told.push(`${SubType} ${Name}: ${shapeOf(JSON.parse(Payload ?? 'null'))}`);
      return journal.client.checkpoint(request, logger);
    },
  };
  const operation = ({ app, seq }: { app: string; seq: number }, flow: Parameters<typeof world.operate>[2]) =>
    world.operate(app, seq, flow);
  journal.resume(durableHandler(operation, { client, log }));
  await journal.operations.start('shop', 6);
  await runToEnd({ journal, clock });
  expect(told).toEqual([
    'WaitForCondition lease: { failures: number, runs: number, state: { status: string, tries: number }, waitedSeconds: number }',
    'Step resolve: { ms: number, value: { commit: { at: string, author: string, signed: boolean, subject: string }, revision: string, seen: { at: string, revision: string }, specHash: string } }',
    'Step render: { ms: number, value: { inputs: [{ oid: string, path: string }], objects: number, renderedKey: string } }',
    `Step plan: { ms: number, value: { alarmsBefore: [string], planKey: string, refused: number, releases: boolean, summary: ${SUMMARY} } }`,
    'Step apply:0: { ms: number, value: { refusals: [] } }',
    'WaitForCondition wait:0: { failures: number, runs: number, state: { end: { health: { message: string, status: string }, status: string }, looks: number, sinceMs: number }, waitedSeconds: number }',
    'Step prune: { ms: number, value: { deleted: number } }',
    'Step conclude: {}',
  ]);
  expect(shapeOf(resultOf(journal, 'shop-6'))).toBe(
    '{ health: { message: string, status: string }, message: string, revision: string, status: string }',
  );
});
