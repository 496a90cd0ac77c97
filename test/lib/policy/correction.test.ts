import { DriftlessError } from '../../../lib/errors.ts';
import type { CorrectionState, DriftedObject, DriftKind } from '../../../lib/model/drift.ts';
import { correctionRequested, decideCorrection } from '../../../lib/policy/correction.ts';
import { configMap, inStore, withDriftRig } from '../drift/drift-rig.ts';

const rigs = withDriftRig();

const NOW = Date.UTC(2026, 0, 1);

function drifted(name: string, rest: Partial<DriftedObject> = {}): DriftedObject {
  const at = new Date(NOW).toISOString();
  const id = { group: '', kind: 'ConfigMap', namespace: 'store', name };
  const drift: DriftKind = 'modified';
  return {
    id,
    apiVersion: 'v1',
    drift,
    fields: [],
    by: [],
    since: at,
    firstSeen: { scan: 's', at },
    handling: 'correct',
    ...rest,
  };
}

const asked = (attempts: number, at = NOW): CorrectionState => correctionRequested(attempts, attempts, at);
const a = '/ConfigMap/store/a';
const usual = {
  objects: [drifted('a')],
  before: undefined,
  corrected: [a],
  isReset: false,
  isUnblocked: true,
  failure: undefined,
  now: NOW,
};

test('corrections of the same objects wait three times longer each time, five minutes at most', () => {
  const pauses = [1, 2, 3, 4, 5, 6].map((attempts) => (Date.parse(asked(attempts).notBefore) - NOW) / 1000);
  expect(pauses).toEqual([2, 6, 18, 54, 162, 300]);
});

test.each([
  ['the first time', {}, { action: 'request', attempts: 1 }],
  ['too early', { before: asked(2), now: NOW + 5_000 }, { action: 'none', state: asked(2) }],
  ['in time', { before: asked(2), now: NOW + 6_000 }, { action: 'request', attempts: 3 }],
  ['of other objects', { before: asked(4), corrected: ['/ConfigMap/store/b'] }, { action: 'request', attempts: 1 }],
  ['after a person has synced', { before: asked(6), isReset: true }, { action: 'request', attempts: 1 }],
  ['that nobody wants', { isUnblocked: false }, { action: 'none', state: undefined }],
  [
    'of what is only reported',
    { objects: [drifted('a', { handling: 'report' })] },
    { action: 'none', state: undefined },
  ],
  ['of what is extra', { objects: [drifted('a', { drift: 'extra' })] }, { action: 'none', state: undefined }],
  [
    'of nothing, soon after the last',
    { objects: [], before: asked(3), now: NOW + 60_000 },
    { action: 'none', state: asked(3) },
  ],
  [
    'of nothing, long after the last',
    { objects: [], before: asked(3), now: NOW + 700_000 },
    { action: 'none', state: undefined },
  ],
])('a correction %s', (_when, situation, decision) => {
  expect(decideCorrection({ ...usual, ...situation })).toEqual(decision);
});

test('after six in a row the objects are contended, and the managers that revert them are named; nothing more is requested', () => {
  const objects = [drifted('a', { by: [{ manager: 'operator' }] }), drifted('b', { by: [{ manager: 'kubectl' }, {}] })];
  const now = NOW + 400_000;
  const fought = decideCorrection({ ...usual, objects, before: asked(6), now });
  const fighting = { managers: ['kubectl', 'operator'], since: new Date(now).toISOString() };
  expect(fought).toEqual({ action: 'none', state: { ...asked(6), fighting } });
  const before = { ...asked(6), fighting };
  expect(decideCorrection({ ...usual, before, now: now + 3_600_000 })).toEqual({ action: 'none', state: before });
});

test('after six that failed no manager is named: their message is recorded', () => {
  const objects = [drifted('a', { by: [{ manager: 'kubectl-edit' }] })];
  const now = NOW + 400_000;
  const decision = decideCorrection({ ...usual, objects, before: asked(6), failure: 'a policy says no', now });
  const failing = { message: 'a policy says no', since: new Date(now).toISOString() };
  expect(decision).toEqual({ action: 'none', state: { ...asked(6), failing } });
  const before = { ...asked(6), failing };
  expect(decideCorrection({ ...usual, objects, before, now: now + 3_600_000 })).toEqual({
    action: 'none',
    state: before,
  });
  expect(decideCorrection({ ...usual, objects, before, isReset: true, now })).toEqual({
    action: 'request',
    attempts: 1,
  });
});

test('a correction is requested once, and started after its objects are recorded', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')), 'kubectl-edit');
  const start = async (_app: string, seq: number): Promise<void> => {
    expect(await rig.record()).toMatchObject({ count: 1, correction: { attempts: 1, seq } });
    started.push(seq);
  };
  const started: number[] = [];
  Object.assign(rig.drift, { operations: { start } });
  await rig.scan();
  await rig.scan();
  expect(started).toEqual([2]);
  expect(await rig.operation(2)).toMatchObject({ trigger: { kind: 'drift', by: expect.stringMatching(/^scan-2026/) } });
});

test('a manager that reverts each correction is named after six, and notified of once; a person’s sync starts again', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  for (let round = 0; round < 8; round += 1) {
    rig.cluster.put(inStore(configMap('a', `${round + 2}`)), 'operator');
    await rig.scan();
    const { desiredSeq } = (await rig.state.application('shop')) ?? {};
    if ((await rig.operation(desiredSeq ?? 0))?.phase !== 'done') await rig.run(desiredSeq ?? 0);
    await rig.clock.advance(301_000);
  }
  expect(await rig.record()).toMatchObject({ correction: { attempts: 6, fighting: { managers: ['operator'] } } });
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(7);
  const fights = rig.told.filter(({ kind }) => kind === 'drift.fighting');
  expect(fights.map(({ title }) => title)).toEqual([
    'shop: corrections are reverted by operator; corrections stop until the application is synced or resumed',
  ]);

  await rig.run(await rig.ask('manual'));
  rig.cluster.put(inStore(configMap('a', '99')), 'operator');
  await rig.scan();
  expect(await rig.record()).toMatchObject({ correction: { attempts: 1, seq: 9 } });
});

test('failing corrections end, too, and their message is in the notification', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.before = (request) => {
    if (request === 'APPLY ConfigMap/store/a') throw new DriftlessError('ApiServerRejected', 'etcd is full');
  };
  rig.cluster.put(inStore(configMap('a', '2')), 'kubectl-edit');
  for (let round = 0; round < 8; round += 1) {
    await rig.scan();
    const { desiredSeq } = (await rig.state.application('shop')) ?? {};
    if ((await rig.operation(desiredSeq ?? 0))?.phase !== 'done') await rig.run(desiredSeq ?? 0);
    await rig.clock.advance(301_000);
  }
  expect((await rig.record())?.correction).toMatchObject({ attempts: 6, failing: { message: 'etcd is full' } });
  expect((await rig.record())?.correction).not.toHaveProperty('fighting');
  expect(rig.told.filter(({ kind }) => kind === 'drift.failing').map(({ title }) => title)).toEqual([
    'shop: corrections fail: etcd is full; corrections stop until the application is synced or resumed',
  ]);
});

test('what is suspended is reported only, until the time is over', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const [at, until] = [rig.clock.now(), rig.clock.now() + 60_000].map((ms) => new Date(ms).toISOString());
  await rig.state.suspend('shop', { reason: 'an incident', at: at ?? '', until: until ?? '' });
  rig.cluster.put(inStore(configMap('a', '2')));
  expect(await rig.scan()).toMatchObject({ objectsDrifted: 1, corrections: 0 });
  await rig.clock.advance(61_000);
  expect(await rig.scan()).toMatchObject({ objectsDrifted: 1, corrections: 1 });
});

test.each([
  ['report', 1],
  ['off', 0],
] as const)('in the mode %s nothing is corrected', async (mode, objectsDrifted) => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.handle({ mode });
  rig.cluster.put(inStore(configMap('a', '2')));
  expect(await rig.scan()).toMatchObject({ objectsDrifted, corrections: 0 });
});

test('an object’s own annotation goes before the mode of its application; one that says nothing known does not count', async () => {
  const rig = await rigs.open();
  const own = (handling: string) => ({ annotations: { 'driftless.dev/drift': handling } });
  await rig.deploy(configMap('a', '1', own('report')), configMap('b', '1', own('odd')));
  for (const [name, handling] of [
    ['a', 'report'],
    ['b', 'odd'],
  ] as const)
    rig.cluster.put(inStore(configMap(name, '2', own(handling))));
  await rig.scan();
  const objects = (await rig.record())?.objects.map(({ id, handling }) => `${id.name} ${handling}`);
  expect(objects).toEqual(['a report', 'b correct']);
});
