import { DriftlessError } from '../../../lib/errors.ts';
import { app, type ConfigWorld, filesOf, SOURCE, withConfigWorld } from './config-world.ts';

const worlds = withConfigWorld();

async function followed(...names: readonly string[]): Promise<ConfigWorld> {
  const world = await worlds.open();
  world.commit(filesOf(...names));
  await world.follow();
  return world;
}

test('the first run applies everything: applications are deployed, the rest can be read', async () => {
  const world = await worlds.open();
  const cluster =
    'apiVersion: driftless.dev/v1\nkind: Cluster\nmetadata: { name: prod }\nspec: { eks: { name: p, region: eu-west-1 } }\n';
  const revision = world.commit({ ...filesOf('blog', 'wiki'), 'config/clusters/prod.yml': cluster });
  expect(await world.follow()).toEqual({ status: 'loaded', revision, applications: 2 });
  expect(world.started.toSorted()).toEqual(['blog-1', 'wiki-1']);
  expect(await world.config.current()).toMatchObject({
    revision,
    loaded: true,
    source: SOURCE,
    config: { clusters: [{ name: 'prod', eks: { name: 'p', region: 'eu-west-1' } }] },
  });
  expect(await world.config.report()).toMatchObject({ status: 'followed', revision, problems: [], count: 0 });
});

test('a commit that is followed costs one question to the Git server', async () => {
  const world = await followed('blog');
  world.asked.length = 0;
  expect(await world.follow()).toMatchObject({ status: 'unchanged' });
  expect(world.asked).toEqual(['resolve']);
  expect(world.started).toEqual(['blog-1']);
});

test('a commit that changes no document is read once and loads nothing', async () => {
  const world = await followed('blog');
  const revision = world.commit({ ...filesOf('blog'), 'README.md': 'more' });
  expect(await world.follow()).toEqual({ status: 'unchanged', revision });
  world.asked.length = 0;
  await world.follow();
  expect({ asked: world.asked, started: world.started }).toEqual({ asked: ['resolve'], started: ['blog-1'] });
  expect(await world.config.current()).toMatchObject({ revision, loaded: true });
});

test('a changed application is deployed, a deleted one is removed, the others are skipped', async () => {
  const world = await followed('blog', 'shop', 'wiki');
  world.commit({ ...filesOf('blog'), 'config/wiki.yaml': app('wiki', 'elsewhere') });
  expect(await world.follow()).toMatchObject({ status: 'loaded', applications: 2 });
  expect(world.started.slice(3)).toEqual(['wiki-2']);
  expect(await world.names()).toEqual(['blog', 'wiki']);
});

test('a configuration with problems changes nothing; they are kept with file and line, and logged once', async () => {
  const world = await followed('blog', 'wiki');
  const before = await world.config.current();
  const revision = world.commit({
    'config/a.yaml': app('a').replace('path', 'pth'),
    'config/b.yaml': app('a'),
    'config/c.yaml': app('c').replace('name: c', 'name: C'),
  });
  const problems = [
    { file: 'config/a.yaml', line: 5, field: 'spec.source.pth', message: 'is not a field; write path' },
    expect.objectContaining({ file: 'config/b.yaml', line: 3, field: 'metadata.name' }),
    expect.objectContaining({ file: 'config/c.yaml', line: 3, field: 'metadata.name' }),
  ];
  expect(await world.follow()).toEqual({ status: 'invalid', revision, problems });
  await world.follow();
  expect(await world.config.report()).toMatchObject({ status: 'invalid', revision, problems, count: 3 });
  expect(await world.config.current()).toEqual(before);
  expect(await world.names()).toEqual(['blog', 'wiki']);
  expect(world.log.lines.filter(({ level }) => level === 'error')).toEqual([
    expect.objectContaining({ message: 'configuration is invalid, so nothing was changed', revision, count: 3 }),
  ]);
});

test('a correction after an invalid commit is loaded; going back to what was loaded ends the report', async () => {
  const world = await followed('blog');
  const invalid = { 'config/blog.yaml': app('blog').replace('spec:', 'spc:') };
  world.commit(invalid);
  expect(await world.follow()).toMatchObject({ status: 'invalid' });
  world.commit(filesOf('blog', 'wiki'));
  expect(await world.follow()).toMatchObject({ status: 'loaded', applications: 2 });
  world.commit(invalid);
  await world.follow();
  const revision = world.commit(filesOf('blog', 'wiki'));
  expect(await world.follow()).toEqual({ status: 'unchanged', revision });
  expect(await world.config.report()).toMatchObject({ status: 'followed', revision, problems: [] });
});

test('a report names at most a hundred problems, and counts all', async () => {
  const world = await worlds.open();
  world.commit({ 'config/a.yaml': '[]\n---\n'.repeat(150) });
  await world.follow();
  const report = await world.config.report();
  expect({ named: report?.problems.length, count: report?.count }).toEqual({ named: 100, count: 150 });
});

test('a Git server that is away changes nothing; since when it is, is reported', async () => {
  const world = await followed('blog');
  const git = { ...world.ports.git, resolve: () => Promise.reject(new DriftlessError('GitUnreachable', 'no answer')) };
  const since = new Date(world.clock.now()).toISOString();
  expect(await world.follow({}, { git })).toMatchObject({ status: 'failed', error: { code: 'GitUnreachable' } });
  await world.clock.advance(60_000);
  await world.follow({}, { git });
  const error = { code: 'GitUnreachable', message: 'no answer' };
  expect(await world.config.report()).toMatchObject({ status: 'failed', error, since });
  expect(await world.names()).toEqual(['blog']);
});

test('hidden files, node_modules and files of other kinds are no configuration', async () => {
  const world = await worlds.open();
  const other = 'kind: Deployment\n';
  world.commit({
    ...filesOf('blog'),
    'config/.github/workflow.yaml': other,
    'config/node_modules/a/b.yaml': other,
    'config/notes.txt': other,
    'deploy/api.yaml': other,
  });
  expect(await world.follow()).toMatchObject({ status: 'loaded', applications: 1 });
});

test('the configuration may be at the root, or one file', async () => {
  const world = await worlds.open();
  world.commit({ 'all.yaml': `${app('blog')}---\n${app('wiki')}`, 'more.yaml': app('shop') });
  expect(await world.follow({ path: 'all.yaml' })).toMatchObject({ status: 'loaded', applications: 2 });
  expect(await world.follow({ path: '' })).toMatchObject({ status: 'loaded', applications: 3 });
});

test('another version of the deployer reads the same commit again, and applies only what it parses differently', async () => {
  const world = await followed('blog');
  world.asked.length = 0;
  expect(await world.follow({}, { version: '2.0.0' })).toMatchObject({ status: 'unchanged' });
  expect(world.asked).toHaveLength(2);
  await world.follow({}, { version: '2.0.0' });
  expect({ asked: world.asked.length, started: world.started }).toEqual({ asked: 3, started: ['blog-1'] });
});

test('another version of the deployer completes what lists are read from, before it is marked as the reader', async () => {
  const world = await followed('blog');
  const filled: unknown[] = [];
  const fillIndexes = async () => void filled.push((await world.config.current())?.readBy);
  const ports = { version: '2.0.0', state: { ...world.ports.state, fillIndexes } };
  for (let i = 0; i < 2; i += 1) await world.follow({}, ports);
  expect({ filled, started: world.started }).toEqual({ filled: ['1.0.0'], started: ['blog-1'] });
});
