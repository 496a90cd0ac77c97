import type { OutcomeStatus, Trigger } from '../../../lib/model/operation.ts';
import {
  APPLICATION_UNKNOWN,
  acquired,
  endOf,
  type Fixture,
  failureOf,
  LEASE_SECONDS,
  type Open,
  PUSH,
  REV_A,
  REV_B,
  withShop,
} from './fixtures.ts';

const SWEEP: Trigger = { kind: 'sweep' };

export function requestContract(open: Open): void {
  test('the first request asks for operation 1, which is the caller’s to start', async () => {
    const { store, clock } = await withShop(open);
    const asked = await store.request('shop', { revision: REV_A, trigger: PUSH });
    expect(asked).toEqual({ seq: 1, start: true, alreadyAsked: false });
    expect(await store.operation('shop', 1)).toEqual({
      app: 'shop',
      seq: 1,
      trigger: PUSH,
      phase: 'pending',
      requestedAt: new Date(clock.now()).toISOString(),
    });
    expect(await store.application('shop')).toMatchObject({ desiredSeq: 1, desiredRevision: REV_A });
  });

  test('nothing can be asked of an unknown application', async () => {
    const { store } = await open();
    expect(await failureOf(store.request('shop', { trigger: PUSH }))).toEqual(APPLICATION_UNKNOWN);
    expect(await failureOf(store.acquire('shop', 1, LEASE_SECONDS))).toEqual(APPLICATION_UNKNOWN);
  });

  test('a request without a revision keeps the revision that the last push named', async () => {
    const { store } = await withShop(open);
    await store.request('shop', { revision: REV_A, trigger: PUSH });
    await store.request('shop', { trigger: { kind: 'config' } });
    expect(await store.application('shop')).toMatchObject({ desiredSeq: 2, desiredRevision: REV_A });
  });

  test('while an operation holds the lease, it starts the next one, not the caller', async () => {
    const { store } = await withShop(open);
    await acquired({ store });
    expect(await store.request('shop', { revision: REV_B, trigger: PUSH })).toEqual({
      seq: 2,
      start: false,
      alreadyAsked: false,
    });
  });

  test('once the lease has expired, the caller starts the next operation', async () => {
    const { store, clock } = await withShop(open);
    await acquired({ store });
    await clock.advance(LEASE_SECONDS * 1000);
    expect(await store.request('shop', { revision: REV_B, trigger: PUSH })).toMatchObject({ seq: 2, start: true });
  });

  describe('the same revision again', () => {
    type Situation = (fixture: Fixture) => Promise<unknown>;
    const ended =
      (status: OutcomeStatus, revision = REV_A): Situation =>
      async ({ store }) => {
        const lease = await acquired({ store });
        return store.conclude(lease, endOf(lease, status, revision));
      };
    const pending: Situation = ({ store }) => store.request('shop', { revision: REV_A, trigger: PUSH });
    const running: Situation = ({ store }) => acquired({ store });
    const stale: Situation = async ({ store, clock }) => {
      await acquired({ store });
      await clock.advance(LEASE_SECONDS * 1000);
    };
    const again = { seq: 1, alreadyAsked: true };
    const anew = { seq: 2, alreadyAsked: false };

    test.each<[string, Situation, Trigger, object]>([
      ['by push, while it is pending: its lost start is repaired', pending, PUSH, { ...again, start: true }],
      ['by push, while it runs', running, PUSH, { ...again, start: false }],
      ['by push, while its worker is dead: it is resumed', stale, PUSH, { ...again, start: true }],
      ['by sweep, while its worker is dead: it is resumed', stale, SWEEP, { ...again, start: true }],
      ['by push, after it was synced', ended('synced'), PUSH, { ...again, start: false }],
      ['by sweep, after it was unchanged', ended('unchanged'), SWEEP, { ...again, start: false }],
      ['by push, after it failed', ended('failed'), PUSH, { ...anew, start: true }],
      ['by push, after it was degraded', ended('degraded'), PUSH, { ...anew, start: true }],
      ['by push, after it was refused', ended('refused'), PUSH, { ...anew, start: true }],
      ['by push, after another commit was synced', ended('synced', REV_B), PUSH, { ...anew, start: true }],
      ['by a person, while it is pending', pending, { kind: 'manual', by: 'ann' }, { ...anew, start: true }],
      ['by a person, while it runs', running, { kind: 'manual', by: 'ann' }, { ...anew, start: false }],
      ['by configuration, after it was synced', ended('synced'), { kind: 'config' }, { ...anew, start: true }],
    ])('asked for %s', async (_case, situation, trigger, answer) => {
      const fixture = await withShop(open);
      await situation(fixture);
      expect(await fixture.store.request('shop', { revision: REV_A, trigger })).toEqual(answer);
    });
  });

  test('a redelivery while an older operation runs is left to that operation', async () => {
    const { store } = await withShop(open);
    await acquired({ store });
    await store.request('shop', { revision: REV_B, trigger: PUSH });
    expect(await store.request('shop', { revision: REV_B, trigger: PUSH })).toEqual({
      seq: 2,
      start: false,
      alreadyAsked: true,
    });
  });

  test('a force push back to an earlier commit is asked for anew', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store }, REV_A);
    await store.conclude(lease, endOf(lease, 'synced', REV_A));
    await store.request('shop', { revision: REV_B, trigger: PUSH });
    expect(await store.request('shop', { revision: REV_A, trigger: PUSH })).toMatchObject({
      seq: 3,
      alreadyAsked: false,
    });
  });
}
