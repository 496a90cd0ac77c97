// A branch, a repository or a credential that is gone.
import type { ErrorCode } from '../../../lib/errors.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap } from '../sync/rig.ts';
import { breakGit, deployed, eventsOf, MINUTE, syncOf } from './sweep-rig.ts';

test.each<[ErrorCode, string]>([
  ['RefNotFound', 'ref "main": no such branch'],
  ['GitAccessDenied', 'the token is refused'],
  ['RepositoryEmpty', 'nothing is there'],
])(
  'S4: %s makes the source lost: Unknown since when and why, told once, and once that it is back',
  async (code, why) => {
    const rig = await deployed();
    breakGit(rig, code, why);
    const since = new Date(rig.clock.now()).toISOString();
    await sweep(rig.ports);
    const lost = { status: 'Unknown', since, reason: `its source is lost since ${since}: ${why}` };
    expect(await syncOf(rig)).toEqual(lost);
    await rig.clock.advance(30 * MINUTE);
    await sweep(rig.ports);
    expect(await syncOf(rig)).toEqual(lost);
    expect(await eventsOf(rig)).toEqual(['source.lost']);
    breakGit(rig, undefined);
    await sweep(rig.ports);
    expect(await syncOf(rig)).toEqual({ status: 'Synced' });
    expect(await eventsOf(rig)).toEqual(['source.lost', 'source.found']);
  },
);

test('S4: a server that is away for a moment is no lost source; one that is away for a quarter of an hour is', async () => {
  const rig = await deployed();
  breakGit(rig, 'GitUnreachable');
  const since = new Date(rig.clock.now()).toISOString();
  for (let minutes = 0; minutes < 15; minutes += 5) {
    await sweep(rig.ports);
    expect(await syncOf(rig)).toEqual({ status: 'Synced' });
    await rig.clock.advance(5 * MINUTE);
  }
  await sweep(rig.ports);
  expect(await syncOf(rig)).toMatchObject({ status: 'Unknown', since });
  expect(await eventsOf(rig)).toEqual(['source.lost']);
});

test('S4: an operation that finds the source again says so, once', async () => {
  const rig = await deployed();
  breakGit(rig, 'RefNotFound');
  await sweep(rig.ports);
  breakGit(rig, undefined);
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask());
  await sweep(rig.ports);
  expect(await syncOf(rig)).toEqual({ status: 'Synced' });
  expect(await eventsOf(rig)).toEqual(['source.lost', 'source.found']);
});

test('S4: an operation that failed since the source was lost is tried again once it is there', async () => {
  const rig = await deployed();
  rig.commit(configMap('a', '2'));
  const { git } = rig.ports;
  breakGit(rig, 'GitAccessDenied');
  expect(await rig.run(await rig.ask(), undefined, rig.ports)).toMatchObject({ status: 'failed' });
  await sweep(rig.ports);
  expect(rig.started).toEqual([]);
  Object.assign(rig.ports, { git });
  await sweep(rig.ports);
  expect(rig.started).toEqual(['shop-3']);
  await rig.run(3);
  expect(await syncOf(rig)).toEqual({ status: 'Synced' });
});

test('S4: what is known of the head of another branch is forgotten with it', async () => {
  const rig = await deployed();
  breakGit(rig, 'RefNotFound');
  await sweep(rig.ports);
  const record = await rig.state.application('shop');
  if (record === undefined) throw new Error('it is configured');
  const [source] = record.app.sources;
  await rig.configure({}, { sources: [{ ...source, ref: 'next' }] });
  expect((await rig.state.application('shop'))?.head).toBeUndefined();
});
