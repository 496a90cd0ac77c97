// The whole way with a real Git server and the real client.

import { type GitFixture, startGitFixture } from '../git/git-fixture.ts';
import { app, filesOf, withConfigWorld } from './config-world.ts';

const worlds = withConfigWorld();
let fixture: GitFixture;

beforeEach(async () => {
  fixture = await startGitFixture();
});

afterEach(() => fixture.stop());

test('pushes to a repository that also holds manifests are followed', async () => {
  const { names, config, ...world } = await worlds.open();
  const follow = () => world.follow({ repo: fixture.url }, { git: fixture.git });
  const first = await fixture.repository.commit({
    ...filesOf('blog', 'wiki'),
    'deploy/big.yaml': `# ${'x'.repeat(100_000)}`,
  });
  expect(await follow()).toEqual({ status: 'loaded', revision: first, applications: 2 });
  const received = fixture.requests.length;
  expect(await follow()).toEqual({ status: 'unchanged', revision: first });
  expect(fixture.requests.length - received).toBeLessThanOrEqual(2);

  await fixture.repository.commit({ 'config/blog.yaml': app('blog').replace('namespace', 'namspace') });
  expect(await follow()).toMatchObject({
    status: 'invalid',
    problems: [
      { file: 'config/blog.yaml', line: 6, field: 'spec.destination.namespace' },
      { file: 'config/blog.yaml', line: 6, field: 'spec.destination.namspace' },
    ],
  });
  const third = await fixture.repository.commit({ 'config/blog.yaml': app('blog'), 'config/news.yaml': app('news') });
  expect(await follow()).toEqual({ status: 'loaded', revision: third, applications: 3 });
  expect(await names()).toEqual(['blog', 'news', 'wiki']);
  expect((await config.report())?.status).toBe('followed');
});

test('a branch that does not exist is reported, and changes nothing', async () => {
  const { config, follow } = await worlds.open();
  await fixture.repository.commit(filesOf('blog'));
  const missing = await follow({ repo: fixture.url, ref: 'mian' }, { git: fixture.git });
  expect(missing).toMatchObject({ status: 'failed', error: { code: 'RefNotFound' } });
  expect(await config.report()).toMatchObject({ status: 'failed', error: { code: 'RefNotFound' } });
});
