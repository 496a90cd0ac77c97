import { configMap, withRig } from './rig.ts';

const rigs = withRig();

test('P14: a source with no manifest is refused, with the remedy', async () => {
  const rig = await rigs.open();
  expect(await rig.deploy()).toMatchObject({
    status: 'refused',
    message: expect.stringContaining(
      'Application/shop: the path "deploy" holds no manifest; correct spec.source, or set sync.allowEmpty: true if that is intended',
    ),
  });
});

test.each([
  ['hooks that never run', configMap('a', '1', { 'argocd.argoproj.io/hook': 'Skip' })],
  ['tests of Helm', configMap('a', '1', { 'helm.sh/hook': 'test' })],
  ['an empty list', { apiVersion: 'v1', kind: 'List', metadata: { name: 'x' }, items: [] }],
])('P14: a source of nothing but %s is refused too', async (_what, object) => {
  const rig = await rigs.open();
  expect(await rig.deploy(object)).toMatchObject({
    status: 'refused',
    message: expect.stringContaining('holds no manifest'),
  });
});

test('P14: with sync.allowEmpty it is deployed, and the status says so', async () => {
  const rig = await rigs.open({ allowEmpty: true });
  expect(await rig.deploy()).toMatchObject({
    status: 'unchanged',
    message: 'the source holds no manifest; nothing to deploy',
  });
  await rig.deploy(configMap('a'));
  expect(await rig.deploy()).toMatchObject({ status: 'synced', message: 'the source holds no manifest; 1 deleted' });
});

test('P14: a source that has become empty is refused for what it would delete', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const { message } = (await rig.deploy()) ?? {};
  expect(message).toContain('1 refused');
  expect(message).toContain('the rendering is empty, which would delete all 1 objects');
});

test('P14: a source that is emptied where nothing may be pruned is refused too', async () => {
  const rig = await rigs.open({ prune: false });
  await rig.deploy(configMap('a'));
  expect(await rig.deploy()).toMatchObject({
    status: 'refused',
    message: expect.stringContaining('holds no manifest'),
  });
});
