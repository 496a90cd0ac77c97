import { app, filesOf, withConfigWorld } from './config-world.ts';

const worlds = withConfigWorld();

test.each([
  ['a path that does not exist', { path: 'confg' }, filesOf('blog', 'wiki'), 'PathNotFound'],
  ['a folder without configuration', { path: 'deploy' }, { 'deploy/README.md': 'x' }, 'PathNotFound'],
  ['an empty file', {}, { 'config/all.yaml': '# nothing yet\n' }, 'ConfigEmpty'],
  [
    'documents without an application',
    {},
    { 'config/p.yaml': 'apiVersion: driftless.dev/v1\nkind: Project\nmetadata: { name: p }\n' },
    'ConfigEmpty',
  ],
  ['other applications only', { path: 'other' }, { 'other/shop.yaml': app('shop') }, 'ConfigEmpty'],
])('%s removes no application that is deployed', async (_situation, source, files, code) => {
  const world = await worlds.open();
  world.commit(filesOf('blog', 'wiki'));
  await world.follow();
  const before = await world.config.current();
  const revision = world.commit(files);
  expect(await world.follow(source)).toMatchObject({ status: 'failed', error: { code } });
  expect(await world.names()).toEqual(['blog', 'wiki']);
  expect(await world.config.current()).toEqual(before);
  expect(await world.config.report()).toMatchObject({ status: 'failed', revision, error: { code } });
});

test('the message says how many applications would be forgotten', async () => {
  const world = await worlds.open();
  world.commit(filesOf('blog', 'wiki'));
  await world.follow();
  world.commit({ 'config/all.yaml': '# typing\n' });
  await world.follow();
  expect((await world.config.report())?.error?.message).toBe(
    'configuration: path "config" of https://git.test/acme/config has none of the 2 applications that are deployed; correct the path, or keep one of them',
  );
});

test('a first configuration without applications is followed', async () => {
  const world = await worlds.open();
  world.commit({ 'config/all.yaml': '# nothing yet\n' });
  expect(await world.follow()).toMatchObject({ status: 'loaded', applications: 0 });
});

test('the only application may be renamed', async () => {
  const world = await worlds.open();
  world.commit(filesOf('blog'));
  await world.follow();
  world.commit(filesOf('journal'));
  expect(await world.follow()).toMatchObject({ status: 'loaded' });
  expect(await world.names()).toEqual(['journal']);
});

test('an application that no record can hold refuses the whole configuration, and names itself', async () => {
  const world = await worlds.open();
  world.commit(filesOf('blog'));
  await world.follow();
  const values = JSON.stringify({ text: 'x'.repeat(300_000) });
  const large = app('large').replace('path: deploy', `path: deploy, helm: { values: ${values} }`);
  world.commit({ ...filesOf('blog', 'wiki'), 'config/large.yaml': large });
  const message = expect.stringContaining('Application/large: its specification takes 301 kB, at most 250 kB');
  expect(await world.follow()).toMatchObject({ status: 'failed', error: { code: 'StateTooLarge', message } });
  expect(await world.names()).toEqual(['blog']);
});
