import type { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { listPage } from '../../../lib/queries/application-list.ts';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import { anApplication } from '../../contracts/state-store/fixtures.ts';
import { withEmulator } from '../state/emulator.ts';

const { open } = withEmulator('dynoxide');

test('the list of hundreds of applications is eight requests for them and two for their clusters', async () => {
  const { store, client, table, clock } = await open();
  const names = Array.from({ length: 400 }, (_, i) => `app-${String(i).padStart(3, '0')}`);
  await Promise.all(names.map((name) => store.putApplication(anApplication(name), 'hash')));
  await store.fillIndexes();
  const at = new Date(clock.now()).toISOString();
  const about = { cluster: 'prod', status: 'Reachable', since: at, scan: 'scan-1', ms: 1, orphans: [] } as const;
  await store.beginScan('prod', 'scan-1', 60);
  await store.endScan({ ...about, startedAt: at, completedAt: at });
  const sent: string[] = [];
  const send = (command: QueryCommand) => {
    sent.push(command.constructor.name);
    return client.send(command);
  };
  const counted: typeof client = Object.create(client, { send: { value: send } });
  const state = createStateStore({ client: counted, table, clock });
  await state.summaries();
  sent.splice(0);
  const { items, next } = await listPage({ limit: 10_000 }, { state, clock });
  expect([items.map(({ name }) => name), next]).toEqual([names, undefined]);
  expect(sent.toSorted()).toEqual(['BatchGetCommand', ...Array.from({ length: 9 }, () => 'QueryCommand')]);
});
