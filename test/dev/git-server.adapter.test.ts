import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitServer, type RefUpdate, startGitServer } from '../../dev/git-server.ts';
import { createRepository, type Repository } from '../lib/git/git-cli.ts';

let folder: string;
let repository: Repository;
let server: GitServer;
let pushes: { readonly repository: string; readonly updates: readonly RefUpdate[] }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-server-'));
  repository = await createRepository();
  pushes = [];
  const onPush = (repository: string, updates: readonly RefUpdate[]) => {
    pushes.push({ repository, updates });
  };
  server = await startGitServer({ folder, onPush });
});

afterEach(async () => {
  await server.stop();
  await repository.remove();
  await rm(folder, { recursive: true });
});

test('what was pushed can be cloned', async () => {
  const url = await server.createRepository('shop');
  const commit = await repository.commit({ 'a.yaml': 'a: 1\n' });
  await repository.git('push', '--quiet', url, 'main');
  await repository.git('clone', '--quiet', '--bare', url, 'clone');
  expect(await repository.git('--git-dir=clone', 'rev-parse', 'HEAD')).toBe(commit);
});

test('each push is told, with every ref before and after it, before the client ends', async () => {
  const url = await server.createRepository('shop');
  const first = await repository.commit({ 'a.yaml': 'a: 1\n' });
  await repository.git('push', '--quiet', url, 'main', 'main:refs/tags/v1');
  const second = await repository.commit({ 'a.yaml': 'a: 2\n' });
  await repository.git('push', '--quiet', url, 'main', ':refs/tags/v1');
  expect(pushes).toEqual([
    {
      repository: 'shop',
      updates: [
        { ref: 'refs/heads/main', after: first },
        { ref: 'refs/tags/v1', after: first },
      ],
    },
    {
      repository: 'shop',
      updates: [
        { ref: 'refs/heads/main', before: first, after: second },
        { ref: 'refs/tags/v1', before: first },
      ],
    },
  ]);
});

test('a push that is refused, or changes nothing, is not told', async () => {
  const url = await server.createRepository('shop');
  await repository.commit({ 'a.yaml': 'a: 1\n' });
  await repository.git('push', '--quiet', url, 'main');
  await repository.git('push', '--quiet', url, 'main');
  await repository.commit({ 'b.yaml': 'b: 1\n' }, { orphan: true });
  await expect(repository.git('push', '--quiet', url, 'main')).rejects.toThrow('rejected');
  expect(pushes).toHaveLength(1);
});

test('pushes of a large pack arrive', async () => {
  const url = await server.createRepository('shop');
  const commit = await repository.commit({ 'noise.bin': randomBytes(1_500_000) });
  await repository.git('push', '--quiet', url, 'main');
  expect(await repository.git('ls-remote', url, 'main')).toBe(`${commit}\trefs/heads/main`);
});

test('a server with credentials refuses clients without them', async () => {
  const credentials = { username: 'ada', password: 'open sesame' };
  const closed = await startGitServer({ folder, credentials });
  const url = await closed.createRepository('secret');
  await repository.commit({ 'a.yaml': 'a: 1\n' });
  await expect(repository.git('push', '--quiet', url, 'main')).rejects.toThrow('could not read Username');
  await expect(repository.git('push', '--quiet', url.replace('//', '//ada:wrong@'), 'main')).rejects.toThrow();
  await repository.git('push', '--quiet', url.replace('//', '//ada:open%20sesame@'), 'main');
  await closed.stop();
});

test('a repository that is not there is not found', async () => {
  await expect(repository.git('ls-remote', `${server.url}/nothing.git`)).rejects.toThrow('not found');
});
