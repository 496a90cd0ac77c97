// What is tried again, and what people are told of it.
import { DriftlessError, type ErrorCode } from '../../../lib/errors.ts';
import type { StreamEvent } from '../../../lib/model/event.ts';
import { getApplication } from '../../../lib/queries/application.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';

const rigs = withRig();
const MINUTE = 60_000;

async function eventsOf({ state }: Rig): Promise<readonly StreamEvent[]> {
  return (await state.undelivered('APP#shop', 'test')).events;
}

async function kindsOf(rig: Rig): Promise<readonly string[]> {
  return (await eventsOf(rig)).map(({ kind }) => kind);
}

/** Each operation fails with this from now on. */
function fail(rig: Rig, code: ErrorCode | undefined, message = 'it cannot'): void {
  rig.cluster.before = () => {
    if (code !== undefined) throw new DriftlessError(code, message);
  };
}

/** Sweeps once a minute, and runs what is requested; gives the minutes in which something was. */
async function minutesOf(rig: Rig, minutes: number): Promise<readonly number[]> {
  const found = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    await rig.clock.advance(MINUTE);
    const before = rig.started.length;
    await sweep(rig.ports);
    if (rig.started.length === before) continue;
    found.push(minute);
    await rig.run((await rig.state.application('shop'))?.desiredSeq ?? 0);
  }
  return found;
}

test('S11: what may pass is tried again after pauses that widen up to an hour', async () => {
  const rig = await rigs.open();
  fail(rig, 'ClusterAccessDenied');
  await rig.deploy(configMap('a'));
  const minutes = await minutesOf(rig, 240);
  const pauses = minutes.map((minute, n) => minute - (minutes[n - 1] ?? 0));
  // A sweep comes each minute, and a pause has to be over.
  expect(pauses).toEqual([2, 3, 6, 11, 31, 61, 61, 61]);
  expect(await kindsOf(rig)).toEqual(['deployment.failed']);
});

test.each<ErrorCode>(['ManifestInvalid', 'RenderFailed', 'PathNotFound', 'SourceTooLarge'])(
  'S11: %s is not tried again until another commit comes',
  async (code) => {
    const rig = await rigs.open();
    fail(rig, code);
    await rig.deploy(configMap('a'));
    expect(await minutesOf(rig, 180)).toEqual([]);
    fail(rig, undefined);
    rig.commit(configMap('a', '2'));
    expect(await minutesOf(rig, 1)).toEqual([1]);
    expect(await kindsOf(rig)).toEqual(['deployment.failed', 'deployment.recovered']);
  },
);

test.each<ErrorCode>(['ClusterNotConfigured', 'ProjectForbids'])(
  'S11: %s is tried again when the configuration has changed',
  async (code) => {
    const rig = await rigs.open();
    fail(rig, code);
    await rig.deploy(configMap('a'));
    expect(await minutesOf(rig, 60)).toEqual([]);
    rig.projects.changedAt = rig.clock.now();
    expect(await minutesOf(rig, 1)).toEqual([1]);
  },
);

test('S11: a failure is told once for each commit and reason, and its end once', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  fail(rig, 'ClusterAccessDenied', 'first words');
  await rig.deploy(configMap('a', '2'));
  fail(rig, 'ClusterAccessDenied', 'other words');
  await rig.run(await rig.ask('manual'));
  fail(rig, 'KindNotFound', 'Widget is not there');
  await rig.run(await rig.ask('manual'));
  fail(rig, 'ClusterAccessDenied');
  await rig.run(await rig.ask('manual'));
  await rig.deploy(configMap('a', '3'));
  fail(rig, undefined);
  await rig.run(await rig.ask('manual'));
  await rig.run(await rig.ask('manual'));
  const events = (await eventsOf(rig)).map(({ kind, data }) => `${kind} ${data.lines[0]}`);
  expect(events).toEqual([
    'deployment.failed first words',
    'deployment.failed Widget is not there',
    'deployment.failed it cannot',
    expect.stringMatching(/^deployment\.recovered before, since \S+: failed: it cannot$/),
  ]);
});

test('S11: it is told again when it comes back after the end', async () => {
  const rig = await rigs.open();
  for (const code of ['ClusterAccessDenied', undefined, 'ClusterAccessDenied'] as const) {
    fail(rig, code);
    rig.commit(configMap('a'));
    await rig.run(await rig.ask('manual'));
    await rig.clock.advance(MINUTE);
  }
  expect(await kindsOf(rig)).toEqual(['deployment.failed', 'deployment.recovered', 'deployment.failed']);
});

test('S11: refusals are told with all their lines, once for the same objects', async () => {
  const rig = await rigs.open();
  for (const name of ['a', 'b'])
    rig.cluster.refuse(`ConfigMap/store/${name}`, { status: 'refused', reason: 'invalid', message: 'no', causes: [] });
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.run(await rig.ask('manual'));
  const events = await eventsOf(rig);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    kind: 'deployment.refused',
    seq: 1,
    data: { title: expect.stringMatching(/^shop: the deployment of commit [0-9a-f]{7} was refused$/) },
  });
  expect(events[0]?.data.lines.at(-1)).toBe('Ada: Change the shop');
});

test('S11: a correction of drift and a closed gate are no failures of the deployment, and end none', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  fail(rig, 'ClusterAccessDenied');
  await rig.run(await rig.ask('drift'));
  expect(await kindsOf(rig)).toEqual([]);
  await rig.deploy(configMap('a', '2'));
  fail(rig, undefined);
  await rig.run(await rig.ask('drift'));
  await rig.state.suspend('shop', { reason: 'sale', at: new Date(rig.clock.now()).toISOString() });
  await rig.run(await rig.ask('push'));
  expect(await kindsOf(rig)).toEqual(['deployment.failed']);
});

test('S11: the alarm goes off once for a reason, and again for the next', async () => {
  const rig = await rigs.open();
  const counted: (number | undefined)[] = [];
  const metrics = { put: ({ syncsFailed }: { readonly syncsFailed?: number }) => void counted.push(syncsFailed) };
  rig.commit(configMap('a'));
  for (const code of ['ClusterAccessDenied', 'ClusterAccessDenied', 'ApiServerRejected', undefined] as const) {
    fail(rig, code);
    await rig.run(await rig.ask('manual'), undefined, { metrics });
  }
  expect(counted).toEqual([1, 0, 1, 0]);
});

test('S11: the event is delivered at once where the process has an outbox', async () => {
  const rig = await rigs.open();
  fail(rig, 'ClusterAccessDenied');
  rig.commit(configMap('a'));
  const delivered: string[] = [];
  const outbox = { deliver: async (stream: string) => void delivered.push(stream), deliverAll: async () => undefined };
  await rig.run(await rig.ask(), undefined, { outbox });
  expect(delivered).toEqual(['APP#shop']);
});

test.each([['auto'], ['manual']] as const)(
  'S3: with the mode %s, what was refused and is taken back in Git is over',
  async (mode) => {
    const rig = await rigs.open();
    await rig.deploy(configMap('a'));
    await rig.configure({ mode });
    await rig.run(await rig.ask('manual'));
    rig.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'no', causes: [] });
    rig.commit(configMap('a', '2'));
    await rig.run(await rig.ask('manual'));
    rig.commit(configMap('a'));
    rig.cluster.refuse('ConfigMap/store/a', undefined);
    await minutesOf(rig, 2);
    expect((await getApplication('shop', rig.ports)).sync).toEqual({ status: 'Synced' });
  },
);
