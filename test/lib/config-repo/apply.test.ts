import { applyConfig } from '../../../lib/config-repo/apply.ts';
import type { Application } from '../../../lib/model/application.ts';
import { applicationOf } from '../render/fixture.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';

const rigs = withRig();

const app = (name: string, sync: Partial<Application['sync']> = {}): Application => {
  const base = applicationOf({ path: 'deploy' });
  return { ...base, name, sync: { ...base.sync, ...sync } };
};

/** Loads a configuration, and gives what was started by it. */
async function load(rig: Rig, ...applications: readonly Application[]): Promise<readonly string[]> {
  const before = rig.started.length;
  await applyConfig(applications, rig.ports);
  return rig.started.slice(before).toSorted();
}

test('a new application is configured and deployed', async () => {
  const rig = await rigs.open();
  expect(await load(rig, app('blog'), app('wiki'))).toEqual(['blog-1', 'wiki-1']);
  expect(await rig.state.operation('blog', 1)).toMatchObject({ trigger: { kind: 'config' } });
});

test('an unchanged application is skipped', async () => {
  const rig = await rigs.open();
  await load(rig, app('blog'));
  expect(await load(rig, app('blog'))).toEqual([]);
});

test('an application that is different is deployed, and so is no other', async () => {
  const rig = await rigs.open();
  await load(rig, app('blog'), app('wiki'));
  expect(await load(rig, app('blog', { prune: false }), app('wiki'))).toEqual(['blog-2']);
  expect((await rig.state.application('blog'))?.app.sync.prune).toBe(false);
});

test('labels and annotations that change are kept, and nothing is deployed for them', async () => {
  const rig = await rigs.open();
  await load(rig, app('blog'));
  const marked = { ...app('blog'), labels: { team: 'a' }, annotations: { 'example.com/owner': 'Ada' } };
  expect(await load(rig, marked)).toEqual([]);
  expect((await rig.state.application('blog'))?.app).toMatchObject({
    labels: { team: 'a' },
    annotations: { 'example.com/owner': 'Ada' },
  });
  expect(await load(rig, { ...marked, labels: { team: 'b' } })).toEqual([]);
  expect((await rig.state.application('blog'))?.app.labels).toEqual({ team: 'b' });
  expect(await load(rig, app('blog'))).toEqual([]);
  expect((await rig.state.application('blog'))?.app).not.toHaveProperty('labels');
});

test('an application that is synced manually is configured only', async () => {
  const rig = await rigs.open();
  expect(await load(rig, app('blog', { mode: 'manual' }))).toEqual([]);
  expect(await rig.state.application('blog')).toMatchObject({ desiredSeq: 0 });
});

test('an application that is no longer configured is removed; its objects stay', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await load(rig);
  expect(await rig.state.application('shop')).toBeUndefined();
  expect(Object.keys(rig.cluster.contents())).toContain('ConfigMap/store/a');
  expect(rig.log.lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      message: 'removed application, its objects stay in the cluster; driftless orphans lists them',
      app: 'shop',
    }),
  );
});

test('an application that comes back is deployed again, and still knows its objects', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await load(rig);
  expect(await load(rig, app('shop'))).toEqual(['shop-2']);
  expect((await rig.state.inventory('shop')).map(({ name }) => name)).toEqual(['a']);
});

test('while an operation runs, the new specification waits for its end', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  await rig.run(await rig.ask(), 'after the end of plan');
  expect(await load(rig, app('shop', { prune: false }))).toEqual([]);
  expect(await rig.run(1)).toMatchObject({ status: 'superseded' });
  expect(rig.started).toEqual(['shop-2']);
});

test('an application that something else has declared is not removed by a configuration without it', async () => {
  const rig = await rigs.open();
  await rig.state.putApplication(app('shop-7'), 'hash', { kind: 'preview', parent: 'shop', request: '7' });
  await rig.state.putApplication(app('shop-eu'), 'hash', { kind: 'generated', by: 'regions' });
  await load(rig, app('blog'));
  expect((await rig.state.applications()).map((record) => record.app.name)).toEqual(['blog', 'shop-7', 'shop-eu']);
});
