// What a deployer that runs for long keeps, on the product's own pipeline, table and blobs: a random life of pushes, rollbacks, corrections and crashes, with
// cleanups at any time, and with months between.
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { createRetention } from '../../dev/retention.ts';
import { createFolderBlobs } from '../../lib/blobs/folder-blobs.ts';
import type { Outcome } from '../../lib/model/operation.ts';
import { recordDrift } from '../lib/sync/drifted.ts';
import { configMap, type Rig, withRig } from '../lib/sync/rig.ts';

const rigs = withRig();
const DAY_MS = 24 * 3_600_000;

type Life = {
  readonly rig: Rig;
  readonly folder: string;
  /** Runs an operation, which may crash; what has crashed is open until it is run again. */
  run(seq: number, crashAt?: string): Promise<Outcome | undefined>;
  /** Runs what has crashed. */
  takeUp(): Promise<void>;
  readonly cleanUp: () => Promise<void>;
  /** Another process, which has cleaned up nothing yet; its table fails with the request of this number. */
  restart(failing?: number): void;
  close(): Promise<void>;
};

async function begin(): Promise<Life> {
  const rig = await rigs.open();
  const folder = await mkdtemp(join(tmpdir(), 'driftless-retention-'));
  const blobs = createFolderBlobs(folder, () => rig.clock.now());
  const open = new Map<number, number>();
  const start = (failing: number) => {
    let requests = 0;
    const client = Object.create(rig.client, {
      send: {
        value: async (command: never) => {
          requests += 1;
          if (requests === failing) throw new Error('killed');
          return rig.client.send(command);
        },
      },
    });
    const openSince = () => (open.size === 0 ? undefined : Math.min(...open.values()));
    return createRetention({
      client,
      table: 'state',
      blobs,
      journal: { openSince },
      clock: rig.clock,
      log: rig.log,
    });
  };
  let clean = start(0);
  const run: Life['run'] = async (seq, crashAt) => {
    open.set(seq, open.get(seq) ?? rig.clock.now());
    const outcome = await rig.run(seq, crashAt, { blobs });
    if (outcome !== undefined) open.delete(seq);
    return outcome;
  };
  return {
    rig,
    folder,
    run,
    takeUp: async () => {
      for (const seq of [...open.keys()]) await run(seq);
    },
    cleanUp: () => clean(),
    restart: (failing = 0) => {
      clean = start(failing);
    },
    close: () => rm(folder, { recursive: true }),
  };
}

const stored = ({ folder }: Life, key: string | undefined) => key === undefined || existsSync(join(folder, key));

/** The keys that the history and the record name, and that are not stored. */
async function missing(life: Life): Promise<readonly string[]> {
  const record = await life.rig.state.application('shop');
  const history = await life.rig.state.operations('shop', 1_000);
  const named = [
    record?.lastSync?.renderedKey,
    record?.previous?.renderedKey,
    ...history.flatMap(({ renderedKey, changeSetKey }) => [renderedKey, changeSetKey]),
  ];
  return named.filter((key) => key !== undefined).filter((key) => !stored(life, key));
}

function filesIn({ folder }: Life): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

const MOMENTS = ['resolve', 'render', 'plan', 'apply:0'].flatMap((step) => [
  `before the end of ${step}`,
  `after the end of ${step}`,
]);

const event = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('push' as const), value: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('back' as const), to: fc.option(fc.nat(5)) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('correct' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), value: fc.nat(3), at: fc.constantFrom(...MOMENTS) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resume' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), days: fc.integer({ min: 1, max: 120 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('clean' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), failing: fc.integer({ min: 0, max: 4 }) }),
  },
);

type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

/** A push of what was rolled back is refused, for which its rendering is compared with the held one. */
const GOOD = ['synced', 'unchanged', 'rolledBack', 'superseded', 'RevisionHeld'];

async function happen(life: Life, what: Event): Promise<readonly (Outcome | undefined)[]> {
  const { rig } = life;
  switch (what.kind) {
    case 'push':
      await life.takeUp();
      rig.commit(configMap('a', `${what.value}`));
      return [await life.run(await rig.ask())];
    case 'crash':
      await life.takeUp();
      rig.commit(configMap('a', `${what.value}`));
      return [await life.run(await rig.ask(), what.at)];
    case 'back': {
      await life.takeUp();
      const history = (await rig.state.operations('shop', 100)).filter(({ outcome }) => outcome?.status === 'synced');
      const toSeq = what.to === null ? undefined : history[what.to % Math.max(1, history.length)]?.seq;
      return [await life.run(await rig.ask({ kind: 'rollback', ...(toSeq !== undefined && { toSeq }) }))];
    }
    case 'correct': {
      await life.takeUp();
      await recordDrift(rig, [configMap('a')]);
      return [await life.run(await rig.ask('drift'))];
    }
    case 'resume':
      await life.takeUp();
      return [];
    case 'pass':
      await rig.clock.advance(what.days * DAY_MS);
      return [];
    case 'restart':
      life.restart(what.failing);
      return [];
    case 'clean':
      await life.cleanUp().catch((error: Error) => {
        if (error.message !== 'killed') throw error;
      });
      return [];
  }
}

/** Lives through it all, then rolls back and corrects. */
async function liveThrough(events: readonly Event[]): Promise<void> {
  const life = await begin();
  try {
    for (const what of events) {
      await endWell(life, what);
      expect(await missing(life)).toEqual([]);
    }
    await endWell(life, { kind: 'correct' });
    await endWell(life, { kind: 'back', to: null });
  } finally {
    await life.close();
  }
}

async function endWell(life: Life, what: Event): Promise<void> {
  for (const outcome of await happen(life, what))
    if (outcome !== undefined) expect(GOOD).toContain(outcome.error?.code ?? outcome.status);
}

test('G2: whatever happens, and whenever it is cleaned up, history, rollbacks and corrections have what they need', async () => {
  const lives = fc.array(event, { minLength: 4, maxLength: 25 });
  await fc.assert(fc.asyncProperty(lives, liveThrough), { numRuns: 20 });
});

test('G2: what the history forgets leaves the table and the disk', async () => {
  const life = await begin();
  const counts: number[] = [];
  for (let push = 0; push < 60; push += 1) {
    await happen(life, { kind: 'push', value: push });
    await life.rig.clock.advance(9 * DAY_MS);
    await life.cleanUp();
    counts.push(filesIn(life));
  }
  // Ten deployments lie within ninety days; each has a rendering, a plan and its changes.
  expect(Math.max(...counts)).toBeLessThanOrEqual(33);
  expect((await life.rig.state.operations('shop', 1_000)).length).toBeLessThanOrEqual(11);
  await life.close();
});

test('G2: the deployed rendering and the one before stay, however long nothing happens', async () => {
  const life = await begin();
  await happen(life, { kind: 'push', value: 1 });
  await happen(life, { kind: 'push', value: 2 });
  for (let year = 0; year < 3; year += 1) {
    await life.rig.clock.advance(365 * DAY_MS);
    await life.cleanUp();
  }
  expect(await life.rig.state.operations('shop', 10)).toEqual([]);
  expect(filesIn(life)).toBe(2);
  expect(await happen(life, { kind: 'correct' })).toMatchObject([
    { status: expect.stringMatching(/synced|unchanged/) },
  ]);
  expect(await happen(life, { kind: 'back', to: null })).toMatchObject([{ status: 'rolledBack' }]);
  await life.close();
});

test.each(MOMENTS)('G2: an operation that crashed %s finds what it needs half a year later', async (moment) => {
  const life = await begin();
  await happen(life, { kind: 'push', value: 1 });
  await happen(life, { kind: 'crash', value: 2, at: moment });
  await life.rig.clock.advance(182 * DAY_MS);
  life.restart();
  await life.cleanUp();
  await life.rig.clock.advance(2 * DAY_MS);
  await life.cleanUp();
  await life.takeUp();
  expect(life.rig.cluster.find('ConfigMap/store/a')).toMatchObject({ data: { value: '2' } });
  await life.close();
});

test('G2: a blob that is read while it is removed is either there or absent', async () => {
  const life = await begin();
  const blobs = createFolderBlobs(life.folder, () => life.rig.clock.now());
  for (let round = 0; round < 50; round += 1) {
    await blobs.put('rendered/x', Buffer.from('whole'));
    await life.rig.clock.advance(1_000);
    const cleaning = blobs.removeUnused({ folders: ['rendered'], named: new Set(), since: life.rig.clock.now() });
    if (round % 2 === 1) await setImmediate();
    const read = await blobs.get('rendered/x');
    await cleaning;
    expect(existsSync(join(life.folder, 'rendered/x'))).toBe(read !== undefined);
    expect(Buffer.from(read ?? 'whole').toString()).toBe('whole');
  }
  await life.close();
});
