import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderBlobs } from '../../../lib/blobs/folder-blobs.ts';
import { blobsContract } from '../../contracts/blobs.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'driftless-blobs-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('blobs in a folder', () => {
  blobsContract(async () => createFolderBlobs(join(root, 'made', 'when needed')));
});

test('blobs in a folder survive the process', async () => {
  await createFolderBlobs(root).put('plans/shop-1', Buffer.from('plan'));
  expect(await createFolderBlobs(root).get('plans/shop-1')).toEqual(new TextEncoder().encode('plan'));
});

test('blobs in a folder leave no temporary files', async () => {
  const blobs = createFolderBlobs(root);
  await Promise.all(['1', '2', '2'].map((key) => blobs.put(`plans/${key}`, Buffer.from('plan'))));
  await expect(blobs.put('plans', Buffer.from('a file where a folder is'))).rejects.toThrow();
  expect([await readdir(root), (await readdir(join(root, 'plans'))).toSorted()]).toEqual([['plans'], ['1', '2']]);
});

test('a folder that cannot be written to makes the state unavailable', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(createFolderBlobs(join(root, 'file')).put('plans/shop-1', Buffer.from('plan'))).rejects.toMatchObject({
    code: 'StateUnavailable',
    message: 'blob plans/shop-1: ENOTDIR; check the folder',
  });
});

test('only the owner may read or replace what a folder keeps (security case 22)', async () => {
  const dir = join(root, 'made');
  await createFolderBlobs(dir).put('rendered/abc', Buffer.from('kind: Secret'));
  const modes = ['', 'rendered', 'rendered/abc'].map(async (path) =>
    ((await stat(join(dir, path))).mode & 0o777).toString(8),
  );
  expect(await Promise.all(modes)).toEqual(['700', '700', '600']);
});

test('a blob that is being written stays, whatever the clock says', async () => {
  const blobs = createFolderBlobs(root, () => 0);
  const clean = () =>
    blobs.removeUnused({ folders: ['rendered'], named: new Set(['rendered/a']), since: Date.now() + 1e9 });
  await Promise.all(
    Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? clean() : blobs.put('rendered/a', Buffer.from('whole')))),
  );
  expect(Buffer.from((await blobs.get('rendered/a')) ?? []).toString()).toBe('whole');
});

test('what nothing names goes when it was not used for long, and what a crash left of a blob too', async () => {
  let now = Date.UTC(2026, 0, 1);
  const blobs = createFolderBlobs(root, () => now);
  for (const key of ['rendered/named', 'rendered/chart/old', 'rendered/read', 'drift/a/seen'])
    await blobs.put(key, Buffer.from(key));
  await writeFile(join(root, 'rendered/.unfinished'), 'half');
  await utimes(join(root, 'rendered/.unfinished'), now / 1000, now / 1000);
  now += 1_000;
  await blobs.get('rendered/read');
  await blobs.put('rendered/new', Buffer.from('new'));
  const unused = { folders: ['rendered', 'plans'], named: new Set(['rendered/named']), since: now };
  expect(await blobs.removeUnused(unused)).toBe(2);
  expect((await readdir(join(root, 'rendered'))).toSorted()).toEqual(['chart', 'named', 'new', 'read']);
  expect([await readdir(join(root, 'rendered/chart')), await readdir(join(root, 'drift/a'))]).toEqual([[], ['seen']]);
});
