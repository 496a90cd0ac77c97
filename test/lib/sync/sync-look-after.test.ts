import { scanNamed } from '../../../lib/drift/scan-now.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { outboxOf } from '../../fakes/outbox.ts';
import { type Rig, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();

type World = {
  readonly rig: Rig;
  readonly looks: readonly number[];
  run(): Promise<unknown>;
  readonly told: readonly string[];
};

/** A rollout that does not end in time; `during` is called at each look after it, before the look. */
async function open(during: (look: number, rig: Rig) => Promise<void> | void = () => undefined): Promise<World> {
  const rig = await rigs.open({ timeoutSeconds: 10 });
  rig.cluster.controller = (object: KubeObject) =>
    object.status ?? (object.kind === 'Widget' ? statusOf('Reconciling', object) : undefined);
  rig.commit(widget('w'));
  const looks: number[] = [];
  const told: string[] = [];
  const outbox = outboxOf(rig.state, { log: rig.log, notify: async ({ kind }) => void told.push(kind) });
  const look = async (app: string): Promise<void> => {
    const endedAt = Date.parse((await rig.operation(1))?.endedAt ?? '');
    looks.push(Math.round((rig.clock.now() - endedAt) / 1000));
    await during(looks.length, rig);
    await scanNamed([app], { ...rig.ports, outbox, metrics: { put: () => undefined } });
  };
  const seq = await rig.ask();
  return { rig, looks, told, run: () => rig.run(seq, undefined, { look }) };
}

function ready(rig: Rig): void {
  rig.cluster.edit('Widget/store/w', (live) => ({ ...live, status: statusOf('Ready', live) }));
}

test('S1: an operation that ended unhealthy is looked after with widening pauses, until the scans go on', async () => {
  const { rig, looks, run } = await open();
  expect(await run()).toMatchObject({ status: 'degraded', health: { status: 'Progressing' } });
  expect(looks).toEqual([15, 45, 105, 225, 465]);
  expect((await rig.state.drift('shop'))?.health).toMatchObject({ status: 'Progressing' });
});

test('S1: it is looked after no longer than until it is well, which is told once', async () => {
  const { rig, looks, told, run } = await open((look, world) => {
    if (look === 2) ready(world);
  });
  await run();
  expect(looks).toEqual([15, 45]);
  expect((await rig.state.drift('shop'))?.health).toMatchObject({ status: 'Healthy' });
  expect(told).toEqual(['health.degraded', 'health.recovered']);
});

test('a newer operation looks itself', async () => {
  const { looks, run } = await open(async (_, rig) => void (await rig.ask('manual')));
  await run();
  expect(looks).toEqual([15]);
});

test('an operation that ended well is not looked after', async () => {
  const { rig, looks, run } = await open();
  rig.cluster.controller = (object: KubeObject) => statusOf('Ready', object);
  await run();
  expect(looks).toEqual([]);
});

test('a look that fails changes nothing of the outcome', async () => {
  const { run } = await open(() => Promise.reject(new Error('odd')));
  expect(await run()).toMatchObject({ status: 'degraded' });
});
