import type { GetCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import type { Trigger } from '../../../lib/model/operation.ts';
import type { StateStore } from '../../../lib/ports/store.ts';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import { aCluster } from '../../contracts/state-store/clusters.ts';
import { aDrift } from '../../contracts/state-store/drift.ts';
import {
  anApplication,
  anInventory,
  endOf,
  LEASE_LOST,
  LEASE_SECONDS,
  leaseOf,
  PUSH,
  REV_B,
} from '../../contracts/state-store/fixtures.ts';
import { withEmulator } from './emulator.ts';

/** As in state-store-interleavings: each request waits until the scheduler lets it go. */
const { open } = withEmulator('dynoxide');

const RUNS = { numRuns: 25 };

async function scheduledStore(scheduler: fc.Scheduler) {
  const fixture = await open();
  await fixture.store.putApplication(anApplication('shop'), 'hash-1');
  const released = scheduler.scheduleFunction((_request: string, send: () => Promise<unknown>) => send());
  const send = (command: { readonly constructor: { readonly name: string } }) =>
    released(command.constructor.name, () => fixture.client.send(command as GetCommand));
  const client: typeof fixture.client = Object.create(fixture.client, { send: { value: send } });
  const another = () => createStateStore({ client, table: fixture.table, clock: fixture.clock });
  return { ...fixture, another };
}

test('in every order of requests, one scan at a time has a cluster, and the right to it never stays behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { store, another } = await scheduledStore(scheduler);
      let scanning = 0;
      const ended: string[] = [];
      const scan = async (name: string) => {
        const own = another();
        if (!(await own.beginScan('prod', name, 60))) return;
        scanning += 1;
        await own.cluster('prod');
        expect(scanning).toBe(1);
        scanning -= 1;
        await own.endScan(aCluster('prod', name));
        ended.push(name);
      };
      await scheduler.waitFor(Promise.all(['a', 'b', 'c'].map(scan)));
      expect(ended).toContain((await store.cluster('prod'))?.scan);
      expect(await store.beginScan('prod', 'later', 60)).toBe(true);
    }),
    RUNS,
  );
});

test('in every order, scans that write what they found build on each other, and none overwrites what it has not read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { store, another } = await scheduledStore(scheduler);
      const taken: string[] = [];
      const scan = async (name: string) => {
        const own = another();
        for (const step of ['1', '2']) {
          const before = await own.drift('shop');
          const record = aDrift((before?.version ?? 0) + 1, { scan: `${before?.scan ?? ''}>${name}${step}` });
          if (await own.putDrift(record)) taken.push(`${name}${step}`);
        }
      };
      await scheduler.waitFor(Promise.all(['a', 'b'].map(scan)));
      const { version, scan: chain = '' } = (await store.drift('shop')) ?? {};
      expect(version).toBe(taken.length);
      expect(chain.split('>').slice(1).toSorted()).toEqual(taken.toSorted());
    }),
    RUNS,
  );
});

test('in every order, a rollback that is asked for twice never supersedes itself', async () => {
  const trigger: Trigger = { kind: 'rollback', by: 'shop-5xx', undo: REV_B };
  const run = async (store: StateStore, seq: number): Promise<void> => {
    const acquisition = await store.acquire('shop', seq, LEASE_SECONDS);
    if (acquisition.status !== 'acquired') return;
    const { lease } = acquisition;
    try {
      await store.supersedeOlder(lease, { status: 'superseded', message: '' });
      const { successor } = await store.conclude(lease, endOf(lease, 'rolledBack'));
      if (successor !== undefined) await run(store, successor);
    } catch (error) {
      // Two may start the same operation.
      expect(error).toEqual(LEASE_LOST);
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { store, another } = await scheduledStore(scheduler);
      const alarm = async () => {
        const own = another();
        const { seq, start } = await own.request('shop', { trigger });
        if (start) await run(own, seq);
      };
      await scheduler.waitFor(Promise.all([alarm(), alarm(), alarm()]));
      const ends = (await store.operations('shop', 9)).map(({ outcome }) => outcome?.status);
      expect(new Set(ends)).toEqual(new Set(['rolledBack']));
    }),
    RUNS,
  );
});

test('in every order, a scan sees an inventory that was put, or none, never a mixture', async () => {
  const versions = ['-one', '-two', '-three'].map((mark, i) => anInventory(i + 1, mark));
  const scan = async (store: StateStore): Promise<void> => {
    const [record] = await store.applications();
    const pointer = record?.inventory;
    if (pointer === undefined) return;
    const found = (await store.inventories([{ app: 'shop', ...pointer }])).get('shop');
    expect([undefined, ...versions]).toContainEqual(found);
  };
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { store, another } = await scheduledStore(scheduler);
      await store.request('shop', { revision: 'a', trigger: PUSH });
      const lease = await leaseOf(store, 1);
      const [writing, scanning] = [another(), another()];
      const writer = async () => {
        for (const version of versions) await writing.putInventory(lease, version);
      };
      const scanner = async () => {
        for (let i = 0; i < 3; i += 1) await scan(scanning);
      };
      await scheduler.waitFor(Promise.all([writer(), scanner()]));
    }),
    RUNS,
  );
});
