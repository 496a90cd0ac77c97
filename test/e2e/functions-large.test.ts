// The functions as they are put on Lambda, with a large application: every payload, item and checkpoint stays within the limits of AWS. `npm run large` takes
// one as large as they come.
import { openWorld, type World } from '../functions/world.ts';
import { configMap, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(300_000);

const OBJECTS = Number(process.env['DRIFTLESS_TEST_OBJECTS'] ?? 1_000);
/** What AWS takes: a checkpoint's result, an item, a call of a function. */
const LIMITS = { checkpoint: 256 * 1024, item: 400 * 1024, call: 6 * 1024 * 1024 };

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

test(`an application of ${OBJECTS} objects is deployed, and found to be as it was`, async () => {
  const names = Array.from({ length: OBJECTS - 1 }, (_, n) => `object-${n}`);
  const objects = ['settings', ...names].map((name) => configMap(name));
  await world.push({ 'deploy/objects.yaml': yaml(...objects) });
  await world.functions.sweep.invoke({});
  expect((await world.settled(1, 240_000)).outcome).toMatchObject({
    status: 'synced',
    message: `${OBJECTS + 1} created`,
  });

  const updates = world.aws.calls.flatMap(({ input }) => (input['Updates'] ?? []) as readonly { Payload?: string }[]);
  expect(Math.max(...updates.map(({ Payload = '' }) => Payload.length))).toBeLessThan(LIMITS.checkpoint);
  expect(Math.max(...world.aws.calls.map(({ input }) => JSON.stringify(input).length))).toBeLessThan(LIMITS.call);
  expect(Math.max(...world.dynamoDb.calls.flatMap(itemSizes))).toBeLessThan(LIMITS.item);

  expect(await world.functions.drift.invoke({})).toMatchObject({
    clusters: [{ status: 'scanned', applications: 1, objectsDrifted: 0 }],
  });
});

/** Sizes of the items that a transaction writes, as JSON, which is more than DynamoDB counts. */
function itemSizes({ input }: World['dynamoDb']['calls'][number]): readonly number[] {
  const writes = (input['TransactItems'] ?? []) as readonly { readonly Put?: { readonly Item: object } }[];
  return writes.flatMap(({ Put }) => (Put === undefined ? [] : [JSON.stringify(Put.Item).length]));
}
