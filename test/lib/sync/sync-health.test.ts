import type { HealthRule } from '../../../lib/model/health-rule.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { configMap, type Rig, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();

/** The controller reports what each widget's value says. */
async function open(sync = {}): Promise<Rig> {
  const rig = await rigs.open(sync);
  rig.cluster.controller = (object: KubeObject) => {
    const { value } = { value: '', ...(object.spec as object) };
    if (value === 'Ready' || value === 'Stalled' || value === 'Reconciling')
      return statusOf(value, object, `it is ${value}`);
    return object.status;
  };
  return rig;
}

/** When something happens to a widget, in milliseconds after the wait for it began. */
function after(rig: Rig, ms: number, condition: Parameters<typeof statusOf>[0]): void {
  rig.cluster.before = async (request) => {
    if (request !== 'WATCH Widget') return;
    rig.cluster.before = () => undefined;
    void rig.clock.sleep(ms).then(() => {
      rig.cluster.edit('Widget/store/w', (live) => ({
        ...live,
        spec: { value: 'x' },
        status: statusOf(condition, { ...live, metadata: { ...live.metadata, generation: 2 } }, `it is ${condition}`),
      }));
    });
  };
}

test('objects that are healthy at once are read once, and not watched', async () => {
  const rig = await open();
  expect(await rig.deploy(widget('w', 'Ready'))).toMatchObject({ status: 'synced', health: { status: 'Healthy' } });
  const requests = rig.requests();
  expect(requests.slice(requests.indexOf('APPLY Widget/store/w'))).toEqual(['APPLY Widget/store/w', 'LIST Widget']);
});

test('objects without health are not read', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'));
  expect(rig.requests()).toEqual(['LIST ConfigMap', 'DRY-RUN ConfigMap/store/a', 'APPLY ConfigMap/store/a']);
});

test('objects that get healthy while they are watched are seen at once, and no watch is left', async () => {
  const rig = await open();
  after(rig, 4_200, 'Ready');
  const began = rig.clock.now();
  expect(await rig.deploy(widget('w', 'Reconciling'))).toMatchObject({ status: 'synced' });
  expect(rig.clock.now() - began).toBeLessThan(5_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(rig.cluster.openWatches).toBe(0);
});

test('a failure right after a change must last for some seconds', async () => {
  const rig = await open();
  after(rig, 2_000, 'Ready');
  expect(await rig.deploy(widget('w', 'Stalled'))).toMatchObject({ status: 'synced' });
});

test('a failure that lasts ends the operation early, with its reason', async () => {
  const rig = await open();
  const began = rig.clock.now();
  expect(await rig.deploy(widget('w', 'Stalled'))).toMatchObject({
    status: 'degraded',
    message: 'Widget/store/w: it is Stalled',
    health: { status: 'Degraded' },
  });
  expect(rig.clock.now() - began).toBeGreaterThanOrEqual(3_000);
  expect(rig.clock.now() - began).toBeLessThan(6_000);
});

test('an application that takes too long ends the operation at its timeout', async () => {
  const rig = await open({ timeoutSeconds: 90 });
  const began = rig.clock.now();
  expect(await rig.deploy(widget('w', 'Reconciling'))).toMatchObject({
    status: 'degraded',
    message: 'not healthy after 90 s: Widget/store/w: it is Reconciling',
  });
  const waited = rig.clock.now() - began;
  expect(waited).toBeGreaterThanOrEqual(90_000);
  expect(waited).toBeLessThan(125_000);
});

test('after the watch, single looks follow with growing pauses', async () => {
  const rig = await open();
  after(rig, 40_000, 'Ready');
  expect(await rig.deploy(widget('w', 'Reconciling'))).toMatchObject({ status: 'synced' });
  const looks = rig.log.lines.filter(({ message }) => message === 'checked health').map(({ status }) => status);
  expect(looks.slice(0, -1).every((status) => status === 'waiting')).toBe(true);
  expect(looks.length).toBeGreaterThan(3);
  expect(rig.requests().filter((request) => request.startsWith('WATCH'))).toHaveLength(1);
});

test('a watch that breaks off is no failure: the next check lists again', async () => {
  const rig = await open();
  rig.cluster.before = async (request) => {
    if (request !== 'WATCH Widget') return;
    rig.cluster.edit('Widget/store/w', (live) => ({ ...live, spec: { value: 'Ready' } }));
    throw new Error('connection reset');
  };
  expect(await rig.deploy(widget('w', 'Reconciling'))).toMatchObject({ status: 'synced' });
});

test('a failure that is seen right after a watch broke off is given its time, too', async () => {
  const rig = await open();
  rig.cluster.before = async (request) => {
    if (request === 'WATCH Widget') throw new Error('connection reset');
  };
  const began = rig.clock.now();
  expect(await rig.deploy(widget('w', 'Stalled'))).toMatchObject({ status: 'degraded' });
  expect(rig.clock.now() - began).toBeGreaterThanOrEqual(3_000);
});

test('an object that vanishes while it is waited for is said to be missing', async () => {
  const rig = await open({ timeoutSeconds: 10 });
  rig.cluster.before = (request) => {
    if (request === 'WATCH Widget') rig.cluster.edit('Widget/store/w', () => undefined);
  };
  expect(await rig.deploy(widget('w', 'Reconciling'))).toMatchObject({
    status: 'degraded',
    message: 'not healthy after 10 s: Widget/store/w: not found in the cluster; was it deleted?',
  });
});

test('an object whose health is ignored is not waited for', async () => {
  const rig = await open();
  expect(await rig.deploy(widget('w', 'Stalled', { 'driftless.dev/ignore-health': 'true' }))).toMatchObject({
    status: 'synced',
  });
});

test('each wave is healthy before the next is applied', async () => {
  const rig = await open();
  const wave = (n: number) => ({ 'argocd.argoproj.io/sync-wave': String(n) });
  expect(await rig.deploy(widget('first', 'Stalled', wave(0)), widget('second', 'Ready', wave(1)))).toMatchObject({
    status: 'degraded',
  });
  expect(rig.requests()).not.toContain('APPLY Widget/store/second');
});

test('a degraded deployment prunes nothing', async () => {
  const rig = await open();
  await rig.deploy(widget('w', 'Ready'), configMap('old'));
  expect(await rig.deploy(widget('w', 'Stalled'))).toMatchObject({ status: 'degraded' });
  expect(Object.keys(rig.cluster.contents())).toContain('ConfigMap/store/old');
  expect(await rig.deploy(widget('w', 'Ready'))).toMatchObject({
    status: 'synced',
    message: '1 configured, 1 deleted',
  });
  expect(Object.keys(rig.cluster.contents())).not.toContain('ConfigMap/store/old');
});

test('a newer operation ends the wait, and is started', async () => {
  const rig = await open();
  rig.commit(widget('w', 'Reconciling'));
  const seq = await rig.ask();
  rig.cluster.before = async (request) => {
    if (request !== 'WATCH Widget') return;
    rig.commit(widget('w', 'Ready'));
    await rig.ask();
  };
  const began = rig.clock.now();
  expect(await rig.run(seq)).toMatchObject({
    status: 'superseded',
    message: 'a newer operation has been requested',
  });
  expect(rig.clock.now() - began).toBeLessThan(2_000);
  expect(rig.started).toEqual(['shop-2']);
  rig.cluster.before = () => undefined;
  expect(await rig.run(2)).toMatchObject({ status: 'synced' });
});

describe('rules of the configuration', () => {
  const ruled = async (rule: Pick<HealthRule, 'cel' | 'lua'>, kind = 'Widget'): Promise<Rig> => {
    const rig = await open();
    const group = kind === 'Widget' ? 'example.com' : '';
    rig.projects.clusters = [
      { name: 'other', health: [] },
      { name: 'prod', health: [{ group, kind, ...rule }] },
    ];
    return rig;
  };

  test.each([
    ['CEL', { cel: "{'status': 'Degraded', 'message': 'no ' + object.spec.value, 'reason': 'NotGood'}" }],
    ['Lua', { lua: 'return {status = "Degraded", message = "no " .. obj.spec.value, reason = "NotGood"}' }],
  ])('a rule in %s judges what is waited for', async (_language, rule) => {
    const rig = await ruled(rule);
    expect(await rig.deploy(widget('w', 'Ready'))).toMatchObject({
      status: 'degraded',
      health: { status: 'Degraded', message: 'Widget/store/w: no Ready', reason: 'NotGood' },
    });
  });

  test('a rule makes an object healthy that would not be', async () => {
    const rig = await ruled({ lua: 'return {status = "Healthy"}' });
    expect(await rig.deploy(widget('w', 'Stalled'))).toMatchObject({ status: 'synced' });
  });

  test('an object of a kind that needs no health is read where a rule judges it', async () => {
    const rig = await ruled({ cel: "{'status': 'Degraded', 'message': 'not so'}" }, 'ConfigMap');
    expect(await rig.deploy(configMap('a'))).toMatchObject({
      status: 'degraded',
      health: { message: 'ConfigMap/store/a: not so' },
    });
  });

  test('a rule that fails ends the operation as not healthy, with the rule and the reason', async () => {
    const rig = await ruled({ lua: 'return obj.status.nothing.at.all' });
    expect(await rig.deploy(widget('w', 'Ready'))).toMatchObject({
      status: 'degraded',
      health: { status: 'Unknown', reason: 'RuleFailed', message: expect.stringContaining('the Lua rule for') },
    });
  });
});
