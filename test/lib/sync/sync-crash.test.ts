// A worker may end at any moment; another one goes on with the same journal.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { Outcome } from '../../../lib/model/operation.ts';
import { configMap, type Rig, refOf, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();

const hook: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
  spec: { template: { image: 'v1' } },
};
const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'extra' } };
const inExtra: KubeObject = { ...configMap('deferred'), metadata: { name: 'deferred', namespace: 'extra' } };
const before = [configMap('a'), configMap('b'), widget('w'), configMap('gone')];
const after = [hook, namespace, inExtra, configMap('a', '2'), configMap('b'), configMap('new'), widget('w', '2')];

async function open(): Promise<Rig> {
  const rig = await rigs.open();
  rig.cluster.controller = (object) => {
    if (object.kind === 'Widget') return statusOf('Ready', object);
    return object.kind === 'Job' ? { conditions: [{ type: 'Complete', status: 'True' }] } : undefined;
  };
  await rig.deploy(...before);
  rig.requests();
  rig.commit(...after);
  await rig.ask();
  return rig;
}

/** What must be the same, whatever happened on the way. */
async function endOf(rig: Rig) {
  const { timings: _, startedAt: _s, endedAt: _e, requestedAt: _r, ...operation } = (await rig.operation(2)) ?? {};
  const inventory = (await rig.state.inventory('shop')).map(({ uid: _u, resourceVersion: _v, ...entry }) => entry);
  return {
    operation,
    contents: rig.cluster.contents(),
    inventory: inventory.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    lease: (await rig.state.application('shop'))?.lease,
  };
}

/** How often each write was sent. */
function writesOf(rig: Rig): ReadonlyMap<string, number> {
  const writes = rig.requests().filter((request) => /^(APPLY|DELETE) /.test(request));
  return new Map([...Map.groupBy(writes, (write) => write)].map(([write, all]) => [write, all.length]));
}

let undisturbed: Awaited<ReturnType<typeof endOf>>;
let writes: ReadonlyMap<string, number>;
let moments: readonly string[];

beforeAll(async () => {
  const rig = await open();
  expect(await rig.run(2)).toMatchObject({ status: 'synced' });
  [undisturbed, writes, moments] = [await endOf(rig), writesOf(rig), rig.moments(2)];
});

test('undisturbed, each write is sent once', () => {
  expect(writes).toEqual(
    new Map([
      ...after.filter((object) => refOf(object) !== 'ConfigMap/b').map((object) => [writeOf(object), 1] as const),
      ['DELETE ConfigMap/store/gone', 1],
    ]),
  );
  expect(moments).toHaveLength((2 * new Set(moments).size) / 2);
});

test('a crash before or after the end of any step changes nothing of the end', async () => {
  expect(moments).toContain('before the end of apply:0');
  for (const crashAt of moments) {
    const rig = await open();
    expect([crashAt, await rig.run(2, { crashAt })]).toEqual([crashAt, undefined]);
    const outcome = await rig.run(2);
    expect([crashAt, outcome]).toEqual([crashAt, undisturbed.operation.outcome]);
    expect([crashAt, await endOf(rig)]).toEqual([crashAt, undisturbed]);
    const sent = writesOf(rig);
    expect([crashAt, [...sent.keys()].toSorted()]).toEqual([crashAt, [...writes.keys()].toSorted()]);
    expect([crashAt, sent.get('APPLY Job/store/migrate')]).toEqual([crashAt, 1]);
  }
});

test('a crash at any request to the cluster changes nothing of the end', async () => {
  const probe = await open();
  await probe.run(2);
  const count = probe.requests().length;
  for (let place = 1; place <= count; place += 1) {
    const rig = await open();
    await runUntilRequest(rig, place);
    rig.cluster.before = () => undefined;
    expect([place, await rig.run(2)]).toEqual([place, undisturbed.operation.outcome]);
    expect([place, await endOf(rig)]).toEqual([place, undisturbed]);
  }
});

test('whoever was overtaken while it was down writes nothing more, and starts its successor', async () => {
  for (const crashAt of moments.filter((moment) => moment.startsWith('after') && !moment.includes('conclude'))) {
    const rig = await open();
    await rig.run(2, { crashAt });
    rig.commit(...before);
    await rig.ask();
    rig.requests();
    expect([crashAt, await rig.run(2)]).toEqual([crashAt, expect.objectContaining({ status: 'superseded' })]);
    expect([crashAt, writesOf(rig), rig.started]).toEqual([crashAt, new Map(), ['shop-3']]);
    expect(await rig.run(3)).toMatchObject({ status: expect.stringMatching(/synced|unchanged/) });
    expect([crashAt, (await rig.operation(2))?.outcome?.status]).toEqual([crashAt, 'superseded']);
    expect([crashAt, Object.keys(rig.cluster.contents())]).toEqual([
      crashAt,
      ['ConfigMap/store/a', 'ConfigMap/store/b', 'ConfigMap/store/gone', 'Namespace/store', 'Widget/store/w'],
    ]);
  }
});

function writeOf(object: KubeObject): string {
  const namespaced = object.kind === 'Namespace' || object.metadata.namespace !== undefined;
  return `APPLY ${refOf(namespaced ? object : { ...object, metadata: { ...object.metadata, namespace: 'store' } })}`;
}

/** The worker ends when it sends its n-th request, which is not answered. */
async function runUntilRequest(rig: Rig, place: number): Promise<Outcome | undefined> {
  let sent = 0;
  let crash = (): void => undefined;
  const crashed = new Promise<undefined>((resolve) => {
    crash = () => resolve(undefined);
  });
  rig.cluster.before = async () => {
    sent += 1;
    if (sent < place) return;
    crash();
    await new Promise(() => undefined);
  };
  return Promise.race([rig.run(2), crashed]);
}
