import type { Application } from '../../../lib/model/application.ts';
import type { DriftRecord } from '../../../lib/model/drift.ts';
import type { Notification } from '../../../lib/model/notification.ts';
import { specHash } from '../../../lib/model/stored-application.ts';
import { type AlarmPorts, handleAlarm } from '../../../lib/triggers/alarm.ts';
import { applicationOf } from '../render/fixture.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';
import { bridgedEvent, snsEvent } from './alarm-events.ts';

const rigs = withRig();
const ROLLBACK = { alarms: ['shop-5xx', 'shop-slow'], bakeTimeSeconds: 600 };

type World = {
  readonly rig: Rig;
  readonly ports: AlarmPorts;
  readonly told: readonly Notification[];
  readonly checked: readonly (readonly string[])[];
};

/** An application with a second commit in its bake time, and one that was never deployed. */
async function open(found: readonly DriftRecord[] | Error = []): Promise<World> {
  const rig = await rigs.open();
  await rig.configure({}, { rollback: ROLLBACK });
  const blog: Application = {
    ...applicationOf({}),
    name: 'blog',
    rollback: { ...ROLLBACK, alarms: ['blog-5xx', 'shop-slow'] },
  };
  await rig.state.putApplication(blog, specHash(blog));
  await rig.deploy(configMap('a'));
  await rig.deploy(configMap('a', '2'));
  const told: Notification[] = [];
  const checked: (readonly string[])[] = [];
  const check = async (apps: readonly string[]): Promise<readonly DriftRecord[]> => {
    checked.push(apps);
    if (found instanceof Error) throw found;
    return found;
  };
  return {
    rig,
    ports: { ...rig.ports, notifier: { notify: async (one) => void told.push(one) }, check },
    told,
    checked,
  };
}

/** The alarm goes off now. */
function event({ rig }: World, name: string, changes: { readonly state?: string; readonly previous?: string } = {}) {
  return bridgedEvent({ name, at: new Date(rig.clock.now()).toISOString(), ...changes });
}

test('an alarm within the bake time rolls the deployment back and notifies people', async () => {
  const world = await open();
  const { rig, ports, told, checked } = world;
  const [first, second] = [(await rig.operation(1))?.revision ?? '', (await rig.operation(2))?.revision ?? ''];
  expect(await handleAlarm(event(world, 'shop-5xx'), ports)).toEqual({
    applications: [
      { action: 'rollback', alarm: 'shop-5xx', app: 'shop', undo: second, to: first, operation: 'shop-3' },
    ],
  });
  expect((await rig.operation(3))?.trigger).toEqual({ kind: 'rollback', by: 'shop-5xx', undo: second });
  expect([rig.started, checked]).toEqual([['shop-3'], []]);
  expect(told).toEqual([
    expect.objectContaining({
      kind: 'alarm.rolledBack',
      app: 'shop',
      title: `shop is rolled back from ${second.slice(0, 7)} to ${first.slice(0, 7)}: alarm shop-5xx went off within its bake time`,
      lines: expect.arrayContaining([`operation shop-3 deploys the stored rendering of ${first}`]),
    }),
  ]);
  expect(await rig.run(3)).toMatchObject({ status: 'rolledBack', revision: first });
});

test('the same event again, and another alarm for the same commit, request nothing more, before and after the rollback', async () => {
  const world = await open();
  const { rig, ports, told } = world;
  const one = event(world, 'shop-5xx');
  await handleAlarm(one, ports);
  expect(await handleAlarm(one, ports)).toMatchObject({ applications: [{ operation: 'shop-3' }] });
  await rig.run(3);
  expect(await handleAlarm(one, ports)).toMatchObject({
    applications: [{ action: 'ignore', reason: expect.stringMatching(/^commit \w{7} is already rolled back$/) }],
  });
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
  expect(told.map(({ kind }) => kind)).toEqual(['alarm.rolledBack']);
});

test('outside of a bake time its applications are scanned for drift, and people are notified of the result', async () => {
  const at = '2026-11-21T10:00:00.000Z';
  const drifted: DriftRecord = {
    app: 'shop',
    version: 1,
    status: 'Drifted',
    since: at,
    scannedAt: at,
    scan: 'scan-1',
    objects: [
      {
        id: { group: 'apps', kind: 'Deployment', namespace: 'store', name: 'api' },
        apiVersion: 'apps/v1',
        drift: 'modified',
        fields: [{ path: 'spec.replicas', from: 0, to: 2 }],
        by: [{ manager: 'kubectl', operation: 'Update scale' }],
        since: at,
        firstSeen: { scan: 'scan-1', at },
        handling: 'correct',
      },
    ],
    count: 1,
  };
  const world = await open([drifted]);
  await world.rig.clock.advance(11 * 60_000);
  await handleAlarm(event(world, 'shop-slow'), world.ports);
  expect(world.checked).toEqual([['blog', 'shop']]);
  expect(world.told).toEqual([
    expect.objectContaining({
      kind: 'alarm.checked',
      title: 'alarm shop-slow went off; blog, shop: 1 object has drifted',
      lines: expect.arrayContaining([
        'blog was not rolled back: no deployment is in its bake time',
        'shop was not rolled back: the bake time of the last deployment had ended',
        `  Deployment/store/api modified by kubectl since ${at}: spec.replicas`,
      ]),
    }),
  ]);
  expect(world.rig.started).toEqual([]);
});

test('people are notified of an alarm also where the scan for drift fails', async () => {
  const world = await open(new Error('the cluster is away'));
  expect(await handleAlarm(event(world, 'blog-5xx'), world.ports)).toMatchObject({
    applications: [{ action: 'check', app: 'blog' }],
  });
  expect(world.told).toMatchObject([
    { app: 'blog', title: 'alarm blog-5xx went off; blog: the scan for drift failed: the cluster is away' },
  ]);
  expect(world.rig.log.lines).toContainEqual(
    expect.objectContaining({ level: 'error', message: 'could not scan for drift' }),
  );
});

test('an alarm that no application names, and a return to OK, do nothing', async () => {
  const world = await open();
  expect(await handleAlarm(event(world, 'other'), world.ports)).toEqual({ applications: [] });
  expect(await handleAlarm(event(world, 'shop-5xx', { state: 'OK', previous: 'ALARM' }), world.ports)).toEqual({
    applications: [],
  });
  expect([world.told, world.checked, world.rig.started]).toEqual([[], [], []]);
});

test('a rollback that cannot be requested is thrown after the others were served, so that the event comes again', async () => {
  const world = await open();
  const request = () => Promise.reject(new Error('throttled'));
  const ports = { ...world.ports, state: { ...world.rig.state, request } };
  await expect(handleAlarm(event(world, 'shop-slow'), ports)).rejects.toThrow('throttled');
  expect(world.checked).toEqual([['blog']]);
  expect(await handleAlarm(event(world, 'shop-slow'), world.ports)).toMatchObject({
    applications: [
      { action: 'rollback', app: 'shop' },
      { action: 'check', app: 'blog' },
    ],
  });
});

test('a rollback stands where the notification fails', async () => {
  const world = await open();
  const notifier = { notify: () => Promise.reject(new Error('no topic')) };
  expect(await handleAlarm(event(world, 'shop-5xx'), { ...world.ports, notifier })).toMatchObject({
    applications: [{ action: 'rollback' }],
  });
  expect(world.rig.log.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      message: 'could not notify',
      kind: 'alarm.rolledBack',
      reason: 'no topic',
    }),
  );
});

test('a malformed event is refused with one line in the log', async () => {
  const { rig, ports } = await open();
  const lines = rig.log.lines.length;
  const broken = snsEvent({ state: 'PANIC' });
  await expect(handleAlarm(broken, ports)).rejects.toMatchObject({ code: 'PayloadInvalid' });
  expect(rig.log.lines.slice(lines)).toEqual([
    {
      level: 'warn',
      message: 'refused an alarm event',
      reason: expect.stringMatching(/^alarm event: Records\[0\]\.Sns\.Message\.NewStateValue: /),
    },
  ]);
});
