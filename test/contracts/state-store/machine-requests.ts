import type { Trigger } from '../../../lib/model/operation.ts';
import { acquired, endOf, type Fixture, LEASE_SECONDS, type Open, PUSH, REV_A, REV_B, withShop } from './fixtures.ts';

const DRIFT: Trigger = { kind: 'drift', by: 'scan-1' };
const ROLLBACK: Trigger = { kind: 'rollback', by: 'shop-5xx', undo: REV_B };

type Situation = (fixture: Fixture) => Promise<unknown>;
const nothing: Situation = async () => undefined;
const pending: Situation = ({ store }) => store.request('shop', { revision: REV_A, trigger: PUSH });
const running: Situation = ({ store }) => acquired({ store });
const synced: Situation = async ({ store }) => {
  const lease = await acquired({ store });
  return store.conclude(lease, endOf(lease));
};
const dead: Situation = async ({ store, clock }) => {
  await acquired({ store });
  await clock.advance(LEASE_SECONDS * 1000);
};
const asks =
  (trigger: Trigger): Situation =>
  ({ store }) =>
    store.request('shop', { trigger });
const both =
  (...situations: Situation[]): Situation =>
  async (fixture) => {
    for (const situation of situations) await situation(fixture);
  };

export function machineRequestContract(open: Open): void {
  const answered = async (situation: Situation, trigger: Trigger) => {
    const fixture = await withShop(open);
    await situation(fixture);
    return fixture.store.request('shop', { trigger });
  };
  const again = (seq: number, start: boolean) => ({ seq, start, alreadyAsked: true });
  const anew = (seq: number, start: boolean) => ({ seq, start, alreadyAsked: false });

  test.each<[string, Situation, object]>([
    ['where nothing was asked for yet', nothing, anew(1, true)],
    ['after a deployment', synced, anew(2, true)],
    ['while a deployment waits for its start', pending, again(1, true)],
    ['while a deployment runs', running, again(1, false)],
    ['while the worker of a deployment is dead', dead, again(1, true)],
    ['while another deployment waits behind one that runs', both(running, asks({ kind: 'manual' })), again(2, false)],
    ['while a correction is asked for', both(synced, asks(DRIFT)), again(2, true)],
  ])('a correction of drift is asked for %s', async (_case, situation, answer) => {
    expect(await answered(situation, DRIFT)).toEqual(answer);
  });

  test.each<[string, Situation, object]>([
    ['after a deployment', synced, anew(2, true)],
    ['while a deployment runs', running, anew(2, false)],
    ['while the same one is asked for', both(synced, asks(ROLLBACK)), again(2, true)],
    ['while the same one waits behind a deployment that runs', both(running, asks(ROLLBACK)), again(2, false)],
    [
      'while the same one is followed by a push',
      both(synced, asks(ROLLBACK), asks({ kind: 'config' })),
      again(2, true),
    ],
    ['while one of another commit is asked for', both(synced, asks({ ...ROLLBACK, undo: REV_A })), anew(3, true)],
    [
      'while one to a certain operation is asked for',
      both(synced, asks({ kind: 'rollback', toSeq: 1 })),
      anew(3, true),
    ],
  ])('a rollback of a commit is asked for %s', async (_case, situation, answer) => {
    expect(await answered(situation, ROLLBACK)).toEqual(answer);
  });

  test('a rollback is asked for anew once the one before has ended', async () => {
    const { store } = await withShop(open);
    await store.request('shop', { trigger: ROLLBACK });
    const acquisition = await store.acquire('shop', 1, LEASE_SECONDS);
    if (acquisition.status === 'acquired') await store.conclude(acquisition.lease, endOf(acquisition.lease));
    expect(await store.request('shop', { trigger: ROLLBACK })).toEqual(anew(2, true));
  });

  test('two rollbacks that a person asks for are two operations', async () => {
    const trigger: Trigger = { kind: 'rollback', by: 'ann', toSeq: 1 };
    expect(await answered(both(synced, asks(trigger)), trigger)).toEqual(anew(3, true));
  });

  test('rollbacks of one commit at once are one operation', async () => {
    const { store } = await withShop(open);
    const asked = await Promise.all(Array.from({ length: 5 }, () => store.request('shop', { trigger: ROLLBACK })));
    expect(asked.filter(({ alreadyAsked }) => !alreadyAsked)).toEqual([anew(1, true)]);
    expect(await store.operations('shop', 9)).toMatchObject([{ seq: 1, trigger: ROLLBACK }]);
  });

  test('a correction and a rollback keep the revision that the last push named', async () => {
    const { store } = await withShop(open);
    await store.request('shop', { revision: REV_A, trigger: PUSH });
    await store.request('shop', { trigger: ROLLBACK });
    await store.request('shop', { trigger: DRIFT });
    expect(await store.application('shop')).toMatchObject({ desiredSeq: 2, desiredRevision: REV_A });
  });
}
