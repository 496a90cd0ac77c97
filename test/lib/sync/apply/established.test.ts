// A custom resource is applied once its definition is established, which takes long on a busy API server.
import type { AppliedStage } from '../../../../lib/sync/apply/apply-stage.ts';
import { gadget, gadgets } from '../gadget.ts';
import { PlanWorld } from '../plan/plan-world.ts';

const DEFINITION = 'CustomResourceDefinition/gadgets.example.com';

/** Applies both; the definition is established after so many seconds. */
async function applied(timeoutSeconds: number, establishedAfter: number): Promise<AppliedStage> {
  const world = new PlanWorld();
  world.timeoutSeconds = timeoutSeconds;
  const plan = await world.plan(gadget, gadgets);
  const since = world.clock.now();
  world.cluster.establishes = false;
  world.cluster.before = (request) => {
    if (request !== `GET ${DEFINITION}` || world.clock.now() - since < establishedAfter * 1000) return;
    world.cluster.establishes = true;
    world.cluster.edit(DEFINITION, ({ status: _, ...live }) => live);
  };
  let isOver = false;
  const work = world.apply(plan).finally(() => {
    isOver = true;
  });
  work.catch(() => undefined);
  while (!isOver) await world.clock.advance(1_000);
  return work;
}

test.each([
  [40, 600],
  [500, 600],
  [5, 10],
])('P11: one that takes %i s is waited for within a timeout of %i s', async (seconds, timeoutSeconds) => {
  const { applied: objects, refusals } = await applied(timeoutSeconds, seconds);
  expect(refusals).toEqual([]);
  expect(objects.map(({ object }) => object.id.kind)).toEqual(['CustomResourceDefinition', 'Gadget']);
});

test.each([
  [45, 30],
  [700, 600],
])(
  'P11: one that takes %i s is not, within a timeout of %i s, and the message names it',
  async (seconds, timeoutSeconds) => {
    await expect(applied(timeoutSeconds, seconds)).rejects.toMatchObject({
      message: `${DEFINITION} is not established after ${timeoutSeconds} s`,
    });
  },
);
